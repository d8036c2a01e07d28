import type { Recorded } from '#kernel';
import type { ClientBase } from 'pg';
import { NotPossible } from './failures.js';
import { prepared } from './prepared.js';
import type { Schemas } from './schemas.js';

/** What was wrong: it cannot be decoded, a newer release wrote it, the projection threw, Postgres refused its rows, or an earlier event of its stream is parked. */
export type Fault = 'read' | 'unknown' | 'apply' | 'write' | 'follows';

/** A parked event: where it lies in the log and why it waits, without quoting it: its data stays in the log, where erasure reaches it. */
export interface DeadLetter extends Pick<Recorded, 'eventId' | 'stream' | 'revision' | 'position'> {
  readonly type: string;
  readonly fault: Fault;
  readonly reason: string;
  readonly stack: string | null;
}

/** Parks events of one version; part of the transaction that moves its checkpoint past them. */
export async function park(client: ClientBase, schemas: Schemas, schema: string, letters: readonly DeadLetter[]) {
  if (letters.length === 0) return;
  const columns = (value: (letter: DeadLetter) => string | null) => letters.map(value);
  await client.query({
    ...prepared(
      `insert into ${schemas.readStore}.dead_letters
         (schema_name, stream, revision, event_id, event_type, commit, fault, reason, stack)
       select $1, * from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::text[], $9::text[])
       on conflict do nothing`,
    ),
    values: [
      schema,
      columns(({ stream }) => stream),
      columns(({ revision }) => String(revision)),
      columns(({ eventId }) => eventId),
      columns(({ type }) => type),
      columns(({ position }) => String(position.commit)),
      columns(({ fault }) => fault),
      columns(({ reason }) => reason),
      columns(({ stack }) => stack),
    ],
  });
}

/** Before readers are shown another version of a projection. @throws NotPossible when they would see less of it */
export async function demandNoMoreParked(client: ClientBase, { readStore }: Schemas, schema: string): Promise<void> {
  const { rows } = await client.query<{ chosen: number; shown: number }>(
    `select count(*) filter (where schema_name = $1)::int as chosen, count(*) filter (where schema_name <> $1)::int as shown
     from ${readStore}.dead_letters join ${readStore}.versions as version using (schema_name)
     where resolution is null and (schema_name = $1 or state = 'living'
       and projection = (select projection from ${readStore}.versions where schema_name = $1))`,
    [schema],
  );
  const { chosen, shown } = rows[0] ?? { chosen: 0, shown: 0 };
  if (chosen > shown)
    throw new NotPossible(
      `Readers would see less: in ${schema} ${chosen} events are parked, in what they see ${shown}. Replay or skip them first, or switch with --force`,
    );
}

/** Whether it is the event or this program that must change for the event to be read; the codec names what a newer release wrote. */
export const faultOfReading = (error: Error): Fault => (error.name === 'NewerEvent' ? 'unknown' : 'read');
