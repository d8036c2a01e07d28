import { Lanes } from './lanes.js';
import type { Plan } from './plan.js';
import type { CommandPort } from './port.js';
import type { ImportReport, RowReport } from './report.js';
import { SetImport } from './set-import.js';
import { Slots } from './slots.js';
import { entitiesReferredTo } from './walk.js';

export interface ImportOptions {
  /** How many rows may be under way at once. */
  readonly rowsInFlight?: number;
  /** Aborted: no more rows are begun, those under way are finished. */
  readonly signal?: AbortSignal;
  /** How many rows are settled, and of how many at most; rows that are skipped count in neither. */
  readonly onProgress?: (done: number, size: number) => void;
  /** Called for every row that was rejected or differs. */
  readonly onRow?: (row: RowReport) => void;
}

/** Sends the rows of a plan as commands. Rejects when nothing can be sent any more. */
export async function runImport(plan: Plan, port: CommandPort, options: ImportOptions = {}): Promise<ImportReport> {
  const { rowsInFlight = 256, signal, onProgress, onRow } = options;
  const began = performance.now();
  let size = plan.sets.reduce((sum, set) => sum + set.size, 0);
  let done = 0;
  let failure: { readonly error: unknown } | undefined;
  const isStopped = () => failure !== undefined || (signal?.aborted ?? false);
  const run = {
    port,
    known: plan.known,
    commands: plan.commands,
    lanes: new Lanes(),
    slots: new Slots(rowsInFlight),
    isStopped,
    fail: (error: unknown) => (failure ??= { error }),
    onSettled: (isSkipped: boolean) => {
      if (isSkipped) size -= 1;
      else done += 1;
      onProgress?.(done, size);
    },
    onRow: (row: RowReport) => onRow?.(row),
  };
  const imports = plan.sets.map((set) => new SetImport(set, run));
  await inOrder(imports);
  if (failure) throw failure.error;
  const records = imports.map(({ set, tally }) => tally.report(set));
  return {
    source: plan.source,
    records,
    rows: records.reduce((sum, { rows }) => sum + rows, 0),
    events: records.reduce((sum, { events }) => sum + events, 0),
    seconds: (performance.now() - began) / 1000,
    isStopped: isStopped(),
  };
}

/** All groups side by side, but each after the earlier ones that it refers to or adds values to. */
async function inOrder(imports: readonly SetImport[]): Promise<void> {
  const finished: Promise<void>[] = [];
  for (const [index, one] of imports.entries()) {
    const { records } = one.set;
    const referredTo = new Set(entitiesReferredTo(records));
    if (records.distinct) referredTo.add(records.entity);
    const awaited = finished.filter((_, earlier) => referredTo.has(imports[earlier]?.set.records.entity ?? ''));
    finished[index] = Promise.all(awaited).then(() => one.importAll());
  }
  await Promise.all(finished);
}
