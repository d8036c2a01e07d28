import { changesOf, type Position, type RecordedEvent } from '#kernel';
import type { Pool } from 'pg';
import { moveCheckpoints } from './checkpoints.js';
import { inTransaction } from './pool.js';
import { RowFold } from './row-fold.js';
import { writeRows } from './row-writer.js';
import type { Schemas } from './schemas.js';
import type { Delivery } from './source.js';
import type { Version } from './versions.js';

/** Brings versions forward by batches of deliveries: rows and checkpoints of all of them in one transaction. */
export class Projector {
  readonly #versions: { readonly version: Version; reached: Position | undefined }[];

  constructor(
    private readonly pool: Pool,
    private readonly schemas: Schemas,
    versions: readonly Version[],
  ) {
    this.#versions = versions.map((version) => ({ version, reached: version.position }));
  }

  /** The position that all of them have reached; undefined when one stands at the beginning. */
  get lowest(): Position | undefined {
    const reached = this.#versions.map((one) => one.reached);
    return reached.reduce((low, position) => (isAfter(low, position) ? position : low), reached[0]);
  }

  reached(): ReadonlyMap<Version, Position | undefined> {
    return new Map(this.#versions.map(({ version, reached }) => [version, reached]));
  }

  /** Applies the batch; what a version has seen before changes nothing in it. */
  async apply(deliveries: readonly Delivery[]): Promise<void> {
    const to = lastPosition(deliveries);
    const behind = this.#versions.filter(({ reached }) => isAfter(to, reached));
    if (to === undefined || behind.length === 0) return;
    const events = deliveries.flatMap((delivery) => ('event' in delivery ? [delivery.event] : []));
    const folds = behind.map(({ version, reached }) => fold(version, reached, events));
    const steps = behind.map(({ version, reached }) => ({ schema: version.schema, from: reached }));
    await inTransaction(this.pool, async (client) => {
      await moveCheckpoints(client, this.schemas, steps, to, events.at(-1)?.recordedAt);
      for (const rows of folds) for (const { shape, changes } of rows.tables()) await writeRows(client, shape, changes);
    });
    for (const one of behind) one.reached = to;
  }
}

function fold(version: Version, reached: Position | undefined, events: readonly RecordedEvent[]): RowFold {
  const rows = new RowFold(version.tables);
  for (const event of events) if (isAfter(event.position, reached)) rows.add(changesOf(version.projection, event));
  return rows;
}

function lastPosition(deliveries: readonly Delivery[]): Position | undefined {
  let last: Position | undefined;
  for (const delivery of deliveries) {
    const position = positionOf(delivery);
    if (isAfter(position, last)) last = position;
  }
  return last;
}

function positionOf(delivery: Delivery): Position | undefined {
  if ('event' in delivery) return delivery.event.position;
  return 'checkpoint' in delivery ? delivery.checkpoint : undefined;
}

/** Whether one lies behind the other in the log; undefined lies before its beginning. */
function isAfter(one: Position | undefined, other: Position | undefined): boolean {
  if (one === undefined) return false;
  return other === undefined || one.commit > other.commit;
}
