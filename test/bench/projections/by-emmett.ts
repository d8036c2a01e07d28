import {
  getPostgreSQLEventStore,
  pongoSingleStreamProjection,
  type PostgresReadEventMetadata,
  postgreSQLProjection,
  type PostgreSQLProjectionDefinition,
  rebuildPostgreSQLProjections,
} from '@event-driven-io/emmett-postgresql';
import { changesOf, type Column, type RecordedEvent, type Row, type RowChange } from '#kernel';
import { leadFunnel } from '#projections/lead-funnel/lead-funnel.projection';
import { Pool } from 'pg';
import { each, KEYS } from './funnel-tables.js';

/** An event in Emmett's own store. */
interface KeptEvent {
  readonly type: string;
  readonly data: { readonly kept: Kept };
}
type Kept = Omit<RecordedEvent, 'revision' | 'position'> & { readonly revision: string; readonly commit: string };

/** Brings the events into Emmett's own store in the same Postgres. */
export async function storeInEmmett(events: readonly RecordedEvent[], databaseUrl: string): Promise<void> {
  await query(databaseUrl, leadFunnel.schema);
  const store = getPostgreSQLEventStore(databaseUrl);
  const streams = new Map<string, KeptEvent[]>();
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), kept(event)]);
  for (const [stream, own] of streams) await store.appendToStream<KeptEvent>(stream, own);
  await store.close();
}

const kept = ({ revision, position, ...rest }: RecordedEvent): KeptEvent => ({
  type: rest.type,
  data: { kept: { ...rest, revision: String(revision), commit: String(position.commit) } },
});

const recorded = ({ revision, commit, ...rest }: Kept): RecordedEvent => ({
  ...rest,
  revision: BigInt(revision),
  position: { commit: BigInt(commit), prepare: BigInt(commit) },
});

/** How long Emmett takes to rebuild the lead funnel the way its guide shows: one document per stream, that of a lead holding its rows. */
export async function rebuildDocumentsByEmmett(databaseUrl: string): Promise<number> {
  const took = await rebuild(
    databaseUrl,
    pongoSingleStreamProjection<FunnelOfLead, KeptEvent, PostgresReadEventMetadata, KeptEvent>({
      collectionName: DOCUMENTS,
      canHandle: Object.keys(leadFunnel.on),
      initialState: () => ({ rows: {} }),
      evolve: ({ rows }: FunnelOfLead, { data }: KeptEvent) => ({
        rows: changed(rows, changesOf(leadFunnel, recorded(data.kept))),
      }),
    }),
  );
  await unfold(databaseUrl);
  return took;
}

const DOCUMENTS = 'lead_funnels';

/** The rows of one lead by their table and key. */
type FunnelOfLead = Readonly<{ rows: Rows }>;
type Rows = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** The rows after these changes; JSON knows no bigint. */
function changed(rows: Rows, changes: readonly RowChange[]): Rows {
  const result = { ...rows };
  for (const change of changes) {
    const key = Object.values(change.key).join();
    const before = change.kind === 'patch' ? result[change.table]?.[key] : undefined;
    const row: Record<string, unknown> = { ...before };
    for (const [name, value] of Object.entries(valuesOf(change)))
      row[name] = typeof value === 'bigint' ? String(value) : value;
    result[change.table] = { ...result[change.table], [key]: row };
  }
  return result;
}

/** Writes the rows in the documents to the tables of the funnel, to be compared. */
async function unfold(databaseUrl: string): Promise<void> {
  for (const table of Object.keys(KEYS))
    await query(
      databaseUrl,
      `insert into ${table} select (jsonb_populate_record(null::${table}, value)).*
       from ${DOCUMENTS}, jsonb_each(data->'rows'->'${table}')`,
    );
}

/** How long Emmett takes to rebuild the lead funnel with statements written for it: an upsert or update for each row an event changes. */
export const rebuildRowsByEmmett = (databaseUrl: string): Promise<number> =>
  rebuild(
    databaseUrl,
    postgreSQLProjection<KeptEvent>({
      name: 'funnel',
      canHandle: Object.keys(leadFunnel.on),
      handle: async (events, { connection }) => {
        for (const { data } of events)
          for (const change of changesOf(leadFunnel, recorded(data.kept))) {
            const [text, values] = statement(change);
            await connection.client.query(text, values);
          }
      },
    }),
  );

async function rebuild(databaseUrl: string, projection: PostgreSQLProjectionDefinition<KeptEvent>): Promise<number> {
  const consumer = rebuildPostgreSQLProjections<KeptEvent>({ connectionString: databaseUrl, projection });
  const start = performance.now();
  await consumer.start();
  const took = performance.now() - start;
  await consumer.close();
  return took;
}

/** The columns that a change names, the key among them. */
const valuesOf = (change: RowChange): Row =>
  change.kind === 'insert' ? change.row : { ...change.key, ...(change.kind === 'patch' && change.set) };

function statement(change: RowChange): [string, Column[]] {
  const key = KEYS[change.table] ?? [];
  const row = valuesOf(change);
  const columns = Object.keys(row);
  const sets = (source: (place: number, column: string) => string) =>
    each(columns, ', ', (column, place) => `${column} = ${source(place + 1, column)}`);
  const text =
    change.kind === 'insert'
      ? `insert into ${change.table} (${columns.join()}) values (${each(columns, ', ', (_, place) => `$${place + 1}`)})
         on conflict (${key.join()}) do update set ${sets((_, column) => `excluded.${column}`)}`
      : `update ${change.table} set ${sets((place) => `$${place}`)}
         where ${each(key, ' and ', (column) => `${column} = $${columns.indexOf(column) + 1}`)}`;
  return [text, Object.values(row)];
}

async function query(databaseUrl: string, text: string): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl });
  await pool.query(text);
  await pool.end();
}
