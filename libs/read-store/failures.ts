/** Another runner has moved the checkpoint: this one must not write, and starts again from where the other left it. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';

  constructor(readonly schemas: readonly string[]) {
    super(`Another runner has moved the checkpoint of ${schemas.join(', ')}`);
  }
}

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
