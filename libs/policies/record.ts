import type { ClientBase } from 'pg';
import type { Position } from '#kernel';
import { CheckpointMoved, noteOf } from '#read-store';
import type { Traveller } from './install.js';
import type { Outcome } from './reactor.js';

/** Moves checkpoints by compare-and-set: when one is not where this runner left it, another runner has written. */
export async function moveCheckpoints(
  client: ClientBase,
  schema: string,
  travellers: readonly Traveller[],
  to: Position,
): Promise<void> {
  const { rowCount } = await client.query(
    `update ${schema}.policies as policy
     set commit = $1, prepare = $2, recorded_at = coalesce(step.recorded_at, policy.recorded_at), moved_at = now()
     from unnest($3::text[], $4::bigint[], $5::numeric[], $6::numeric[], $7::timestamptz[])
       as step(name, epoch, commit, prepare, recorded_at)
     where policy.name = step.name and policy.epoch = step.epoch
       and policy.commit is not distinct from step.commit and policy.prepare is not distinct from step.prepare`,
    [
      String(to.commit),
      String(to.prepare),
      names(travellers),
      epochs(travellers),
      travellers.map(({ stored }) => stored && String(stored.commit)),
      travellers.map(({ stored }) => stored && String(stored.prepare)),
      travellers.map(({ recordedAt }) => recordedAt),
    ],
  );
  if (rowCount !== travellers.length) throw new CheckpointMoved(names(travellers));
}

/** Makes sure, until the end of the transaction, that nobody has taken these policies over. */
export async function fence(client: ClientBase, schema: string, travellers: readonly Traveller[]): Promise<void> {
  const { rowCount } = await client.query(
    `select from ${schema}.policies as policy join unnest($1::text[], $2::bigint[]) as held(name, epoch)
     on policy.name = held.name and policy.epoch = held.epoch order by policy.name for update of policy`,
    [names(travellers), epochs(travellers)],
  );
  if (rowCount !== travellers.length) throw new CheckpointMoved(names(travellers));
}

/** An event that a policy failed on, or one behind it in the same stream. */
export interface ParkedEvent {
  readonly policy: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly eventId: string;
  readonly type: string;
  readonly reason: string;
  readonly stack: string | null;
}

export async function parkEvents(client: ClientBase, schema: string, events: readonly ParkedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await client.query(
    `insert into ${schema}.parked_events (policy, stream, revision, event_id, event_type, reason, stack)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[])
     on conflict do nothing`,
    [
      events.map(({ policy }) => policy),
      events.map(({ stream }) => stream),
      events.map(({ revision }) => String(revision)),
      events.map(({ eventId }) => eventId),
      events.map(({ type }) => type),
      events.map(({ reason }) => reason),
      events.map(({ stack }) => stack),
    ],
  );
}

/** A parked event that failed again waits with its new reason, and all behind it wait without being asked for. */
export async function noteParked(
  client: ClientBase,
  schema: string,
  { policy, stream, revision }: Pick<ParkedEvent, 'policy' | 'stream' | 'revision'>,
  failure: Error,
): Promise<void> {
  const { reason, stack } = noteOf(failure);
  await client.query(
    `update ${schema}.parked_events set retry_reason = null,
       reason = case when revision = $3 then $4 else reason end, stack = case when revision = $3 then $5 else stack end
     where policy = $1 and stream = $2`,
    [policy, stream, String(revision), reason, stack],
  );
}

/** Counts what became of commands. */
export async function countOutcomes(
  client: ClientBase,
  schema: string,
  outcomes: readonly Outcome[],
  now: string,
): Promise<void> {
  if (outcomes.length === 0) return;
  await client.query(
    `insert into ${schema}.outcomes as known (policy, command, outcome, times, last_cause, last_at)
     select policy, command, outcome, count(*), max(cause), $5
     from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as told(policy, command, outcome, cause)
     group by policy, command, outcome
     on conflict (policy, command, outcome) do update
     set times = known.times + excluded.times, last_cause = excluded.last_cause, last_at = excluded.last_at`,
    [
      outcomes.map(({ cause }) => cause.policy),
      outcomes.map(({ command }) => command),
      outcomes.map(({ outcome }) => outcome),
      outcomes.map(({ cause }) => cause.id),
      now,
    ],
  );
}

const names = (travellers: readonly Traveller[]) => travellers.map(({ policy }) => policy.name);
const epochs = (travellers: readonly Traveller[]) => travellers.map(({ epoch }) => String(epoch));
