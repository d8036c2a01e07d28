import type { ClientBase, Pool } from 'pg';
import { inTransaction, type Entry, placeOf, type StreamSource } from '#read-store';
import { writeDeadlines } from './deadlines.js';
import { reactTo } from './events.js';
import { policySchema, type Traveller } from './install.js';
import { countOutcomes, fence, noteParked } from './record.js';
import type { Workshop } from './workshop.js';

/** What an operator wants to be done again. */
export interface Retry {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly policy: string;
  /** A stream, or the key of a deadline; without it all that the policy has parked. */
  readonly what?: string | undefined;
  readonly reason: string;
}

/** Asks whoever runs the policy to react again to what is parked. Tells how much that is. */
export async function askForRetry({ pool, namespace, policy, what, reason }: Retry): Promise<number> {
  const schema = policySchema(namespace);
  const { rows } = await pool.query<{ asked: number }>(
    `with events as (
       update ${schema}.parked_events set retry_reason = $3
       where policy = $1 and ($2::text is null or stream = $2) returning 1
     ), due as (
       update ${schema}.deadlines set retry_reason = $3
       where policy = $1 and parked_at is not null and ($2::text is null or key = $2) returning 1
     ) select (select count(*) from events) + (select count(*) from due) as asked`,
    [policy, what, reason],
  );
  return rows[0]?.asked ?? 0;
}

/** Whether an operator has asked for something of these policies. */
export async function isRetryAsked(pool: Pool, schema: string, policies: readonly string[]): Promise<boolean> {
  const { rows } = await pool.query(
    `select from ${schema}.parked_events where policy = any ($1) and retry_reason is not null
     union all
     select from ${schema}.deadlines where policy = any ($1) and retry_reason is not null limit 1`,
    [policies],
  );
  return rows.length > 0;
}

/** Does what operators have asked for. Deadlines come again by themselves; streams are gone through in order, up to what fails again. */
export async function retryParked(workshop: Workshop, source: StreamSource): Promise<void> {
  const { pool, schema, travellers } = workshop;
  const policies = travellers.map(({ policy }) => policy.name);
  await inTransaction(pool, async (client) => {
    await fence(client, schema, travellers);
    await client.query(
      `update ${schema}.deadlines set parked_at = null, reason = null, stack = null, retry_reason = null
       where policy = any ($1) and retry_reason is not null`,
      [policies],
    );
  });
  const { rows } = await pool.query<{ policy: string; stream: string; revisions: readonly string[] }>(
    `select policy, stream, array_agg(revision::text order by revision) as revisions from ${schema}.parked_events
     where policy = any ($1) group by policy, stream having bool_or(retry_reason is not null) order by min(parked_at)`,
    [policies],
  );
  for (const { policy, stream, revisions } of rows) {
    const traveller = travellers.find((one) => one.policy.name === policy);
    if (traveller !== undefined) await retryStream(workshop, source, traveller, stream, revisions.map(BigInt));
  }
}

async function retryStream(
  workshop: Workshop,
  source: StreamSource,
  traveller: Traveller,
  stream: string,
  revisions: readonly bigint[],
): Promise<void> {
  const [first = 0n] = revisions;
  const last = revisions.at(-1) ?? first;
  for await (const entry of source.readStream(stream, first)) {
    const { revision } = placeOf(entry);
    if (revision > last) break;
    if (revisions.includes(revision) && !(await retryEvent(workshop, traveller, entry))) return;
  }
  traveller.parked.delete(stream);
}

/** Reacts to one event again; false when it failed again, and waits with what is behind it. */
async function retryEvent(workshop: Workshop, traveller: Traveller, entry: Entry): Promise<boolean> {
  const { pool, schema, clock } = workshop;
  const { failure, changes, outcomes } = await reactTo(workshop, workshop.freshReader(), traveller, entry);
  const { stream, revision } = placeOf(entry);
  await inTransaction(pool, async (client) => {
    await fence(client, schema, [traveller]);
    await writeDeadlines(client, schema, changes);
    await countOutcomes(client, schema, outcomes, clock.now());
    if (failure === undefined) await removeParked(client, schema, traveller.policy.name, stream, revision);
    else await noteParked(client, schema, { policy: traveller.policy.name, stream, revision }, failure);
  });
  return failure === undefined;
}

const removeParked = (client: ClientBase, schema: string, policy: string, stream: string, revision: bigint) =>
  client.query(`delete from ${schema}.parked_events where policy = $1 and stream = $2 and revision = $3`, [
    policy,
    stream,
    String(revision),
  ]);
