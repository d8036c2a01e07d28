import type { ClientBase } from 'pg';
import type { Reaction } from '#kernel';
import { noteOf } from '#read-store';
import type { Cause } from './cause.js';

/** A deadline set, moved, cancelled or woken, by what and when. */
export type DeadlineChange = Exclude<Reaction, { kind: 'send' }> & { readonly cause: Cause; readonly at: string };

/** A deadline as it stands in its table. */
export interface StoredDeadline {
  readonly policy: string;
  readonly key: string;
  readonly dueAt: string;
  readonly group: string | null;
  readonly data: object;
  readonly cause: string;
  readonly eventId: string;
  readonly correlationId: string;
}

const COLUMNS = `policy, key, due_at as "dueAt", group_key as "group", data, cause, event_id as "eventId",
  correlation_id as "correlationId"`;

/** The deadlines of these policies that have come, the earliest first. */
export async function dueDeadlines(
  client: Pick<ClientBase, 'query'>,
  schema: string,
  policies: readonly string[],
  now: string,
  limit: number,
): Promise<readonly StoredDeadline[]> {
  const { rows } = await client.query<StoredDeadline>(
    `select ${COLUMNS} from ${schema}.deadlines
     where parked_at is null and due_at <= $2 and policy = any ($1) order by due_at, policy, key limit $3`,
    [policies, now, limit],
  );
  return rows;
}

/** When the next deadline of these policies comes. */
export async function nextDeadline(
  client: Pick<ClientBase, 'query'>,
  schema: string,
  policies: readonly string[],
): Promise<string | undefined> {
  const { rows } = await client.query<{ dueAt: string }>(
    `select due_at as "dueAt" from ${schema}.deadlines
     where parked_at is null and policy = any ($1) order by due_at limit 1`,
    [policies],
  );
  return rows[0]?.dueAt;
}

/** Takes away deadlines that have come and were answered; one that was set anew meanwhile stays. */
export async function removeFired(client: ClientBase, schema: string, fired: readonly StoredDeadline[]): Promise<void> {
  if (fired.length === 0) return;
  await client.query(
    `delete from ${schema}.deadlines as deadline
     using unnest($1::text[], $2::text[], $3::text[]) as fired(policy, key, cause)
     where deadline.policy = fired.policy and deadline.key = fired.key and deadline.cause = fired.cause`,
    [fired.map(({ policy }) => policy), fired.map(({ key }) => key), fired.map(({ cause }) => cause)],
  );
}

/** Sets a deadline aside that its policy failed on. */
export async function parkDeadline(
  client: ClientBase,
  schema: string,
  { policy, key, cause }: StoredDeadline,
  failure: Error,
): Promise<void> {
  const { reason, stack } = noteOf(failure);
  await client.query(
    `update ${schema}.deadlines set parked_at = now(), reason = $4, stack = $5
     where policy = $1 and key = $2 and cause = $3`,
    [policy, key, cause, reason, stack],
  );
}

/** Writes changes in their order; of one deadline only the last counts. */
export async function writeDeadlines(
  client: ClientBase,
  schema: string,
  changes: readonly DeadlineChange[],
): Promise<void> {
  let folded = new Map<string, Exclude<DeadlineChange, { kind: 'wake' }>>();
  for (const change of changes) {
    if (change.kind !== 'wake') {
      const key = change.kind === 'cancel' ? change.key : change.deadline.key;
      folded.set(`${change.cause.policy}/${key}`, change);
      continue;
    }
    await writeFolded(client, schema, [...folded.values()]);
    folded = new Map();
    await client.query(
      `update ${schema}.deadlines set due_at = least(due_at, $3), cause = $4, event_id = $5, correlation_id = $6
       where policy = $1 and group_key = $2 and parked_at is null`,
      [change.cause.policy, change.group, change.at, change.cause.id, change.cause.eventId, change.cause.correlationId],
    );
  }
  await writeFolded(client, schema, [...folded.values()]);
}

async function writeFolded(
  client: ClientBase,
  schema: string,
  changes: readonly Exclude<DeadlineChange, { kind: 'wake' }>[],
): Promise<void> {
  const cancelled = changes.filter((change) => change.kind === 'cancel');
  if (cancelled.length > 0)
    await client.query(
      `delete from ${schema}.deadlines as deadline using unnest($1::text[], $2::text[]) as cancelled(policy, key)
       where deadline.policy = cancelled.policy and deadline.key = cancelled.key`,
      [cancelled.map(({ cause }) => cause.policy), cancelled.map(({ key }) => key)],
    );
  const set = changes.filter((change) => change.kind === 'schedule');
  if (set.length === 0) return;
  await client.query(
    `insert into ${schema}.deadlines (policy, key, due_at, group_key, data, cause, event_id, correlation_id)
     select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::jsonb[], $6::text[], $7::text[], $8::text[])
     on conflict (policy, key) do update set due_at = excluded.due_at, group_key = excluded.group_key,
       data = excluded.data, cause = excluded.cause, event_id = excluded.event_id,
       correlation_id = excluded.correlation_id, parked_at = null, reason = null, stack = null, retry_reason = null`,
    [
      set.map(({ cause }) => cause.policy),
      set.map(({ deadline }) => deadline.key),
      set.map(({ deadline }) => deadline.at),
      set.map(({ deadline }) => deadline.group ?? null),
      set.map(({ deadline }) => JSON.stringify(deadline.data)),
      set.map(({ cause }) => cause.id),
      set.map(({ cause }) => cause.eventId),
      set.map(({ cause }) => cause.correlationId),
    ],
  );
}
