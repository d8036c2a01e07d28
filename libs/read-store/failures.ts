import type { FieldProblem } from '#kernel';
import { DatabaseError } from 'pg';

/** Another runner has moved the checkpoint, or an operator has switched, repaired or dropped the version: this runner must not write, and goes on from what is stored. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';

  constructor(readonly schemas: readonly string[]) {
    super(`Another runner or an operator has moved ${schemas.join(', ')}`);
  }
}

/** What an operator asked for cannot be done as things stand; the message says why. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
}

/** A change that no table of the projection can take: a mistake of the projection about this event. */
export class UnwritableChange extends Error {
  override readonly name = 'UnwritableChange';
}

/** An earlier event of its stream is parked, so it waits behind that. */
export class ParkedBehind extends Error {
  override readonly name = 'ParkedBehind';

  constructor() {
    super('An earlier event of the stream is parked');
  }
}

/** A table of `schema.sql` is not there now: no event is to blame, so none is parked; the table has to come back. */
export class MissingTable extends Error {
  override readonly name = 'MissingTable';

  constructor(readonly table: string) {
    super(`there is no table ${table}: schema.sql should have made it`);
  }
}

const FAULTS_OF_DATA = ['21', '22', '23', '54'];
const RAISED_BY_A_TRIGGER = 'P0001';

/** Whether the data is to blame, so that trying again cannot help. Anything else passes: restarts, deadlocks, lost connections, full disks. */
export function isFaultOfData(error: unknown): boolean {
  if (error instanceof UnwritableChange) return true;
  if (!(error instanceof DatabaseError) || error.code === undefined) return false;
  return FAULTS_OF_DATA.includes(error.code.slice(0, 2)) || error.code === RAISED_BY_A_TRIGGER;
}

/** Two that need the same tables could not both have them: one gives way and is tried again. */
export const lostALock = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '40P01' || error.code === '55P03');

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_FUNCTION = '42883';

/** What a reader asked was being replaced at that moment, as when another release shows its tables. */
export const metASwitch = (error: unknown): boolean =>
  lostALock(error) ||
  (error instanceof DatabaseError &&
    (error.code === UNDEFINED_TABLE ||
      error.code === UNDEFINED_FUNCTION ||
      /^(could not open relation|cache lookup failed)/.test(error.message)));

/** A reader asked for a position that its read models have not reached in time. */
export class ReadModelBehind extends Error {
  override readonly name = 'ReadModelBehind';

  constructor(
    readonly position: bigint,
    readonly projections: readonly string[],
    readonly waitedMs: number,
  ) {
    super(`${projections.join(', ')} had not reached ${position} after ${waitedMs} ms`);
  }
}

/** The parameters of a question are not what it takes. */
export class InvalidParameters extends Error {
  override readonly name = 'InvalidParameters';

  constructor(
    readonly report: string,
    readonly problems: readonly FieldProblem[],
  ) {
    super(`${report}: ${problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ')}`);
  }
}
