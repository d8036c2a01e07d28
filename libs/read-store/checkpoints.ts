import type { Position } from '#kernel';
import type { ClientBase } from 'pg';
import { CheckpointMoved } from './failures.js';
import { prepared } from './prepared.js';
import type { Schemas } from './schemas.js';

/** How far one version has read, and how far the batch brings it. */
export interface Step {
  readonly schema: string;
  readonly epoch: bigint;
  readonly from: Position | undefined;
}

/** The channel on which it is told that checkpoints moved, not where to: anybody may write there. */
export const channelOf = (schemas: Schemas) => schemas.readStore;

/** Moves checkpoints by compare-and-set: when one is not where this runner left it, somebody else has written, and this runner must stop. */
export async function moveCheckpoints(
  client: ClientBase,
  schemas: Schemas,
  steps: readonly Step[],
  to: Position,
  recordedAt: string | undefined,
): Promise<void> {
  const { rows } = await client.query<{ moved: string[] | null }>({
    ...moveStatement(schemas),
    values: [
      String(to.commit),
      String(to.prepare),
      recordedAt ?? null,
      steps.map((step) => step.schema),
      steps.map((step) => step.from && String(step.from.commit)),
      steps.map((step) => step.from && String(step.from.prepare)),
      channelOf(schemas),
      steps.map((step) => String(step.epoch)),
    ],
  });
  const moved = new Set(rows[0]?.moved);
  const refused = steps.filter((step) => !moved.has(step.schema));
  if (refused.length > 0) throw new CheckpointMoved(refused.map((step) => step.schema));
}

const moveStatement = ({ readStore }: Schemas) =>
  prepared(`with moved as (
      update ${readStore}.versions as v
      set commit = $1::numeric, prepare = $2::numeric, recorded_at = coalesce($3, recorded_at), moved_at = now()
      from unnest($4::text[], $5::numeric[], $6::numeric[], $8::bigint[]) as step(schema_name, commit, prepare, epoch)
      where v.schema_name = step.schema_name and v.epoch = step.epoch
        and v.commit is not distinct from step.commit and v.prepare is not distinct from step.prepare
      returning v.schema_name, v.state
    ), told as (
      select pg_notify($7, '') from moved where state = 'living' having count(*) > 0
    )
    select array_agg(schema_name) as moved, (select count(*) from told) as told from moved`);
