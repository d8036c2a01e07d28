import {
  getPostgreSQLEventStore,
  postgreSQLProjection,
  rebuildPostgreSQLProjections,
} from '@event-driven-io/emmett-postgresql';
import { changesOf, type Column, type RecordedEvent, type Row, type RowChange } from '#kernel';
import { leadFunnel } from '#projections/lead-funnel/lead-funnel.projection';
import { Pool } from 'pg';
import { each, KEYS } from './funnel-tables.js';

type Kept = Omit<RecordedEvent, 'revision' | 'position'> & { readonly revision: string; readonly commit: string };
interface KeptEvent {
  readonly type: string;
  readonly data: { readonly kept: Kept };
}

/** Brings the events into Emmett's own store in the same Postgres. */
export async function storeInEmmett(events: readonly RecordedEvent[], databaseUrl: string): Promise<void> {
  const pool = new Pool({ connectionString: databaseUrl });
  await pool.query(leadFunnel.schema);
  await pool.end();
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

let rebuilds = 0;

/** How long Emmett takes to rebuild the lead funnel, set up as it comes, with the same rows written by statements of its projection. */
export async function rebuildByEmmett(databaseUrl: string): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl });
  await pool.query(`truncate ${Object.keys(KEYS).join()}`);
  await pool.end();
  const projection = postgreSQLProjection<KeptEvent>({
    name: `funnel_${++rebuilds}`,
    canHandle: Object.keys(leadFunnel.on),
    handle: async (events, { connection }) => {
      for (const { data } of events)
        for (const change of changesOf(leadFunnel, recorded(data.kept))) {
          const [text, values] = statement(change);
          await connection.client.query(text, values);
        }
    },
  });
  const consumer = rebuildPostgreSQLProjections<KeptEvent>({ connectionString: databaseUrl, projection });
  const start = performance.now();
  await consumer.start();
  const took = performance.now() - start;
  await consumer.close();
  return took;
}

function statement(change: RowChange): [string, Column[]] {
  const key = KEYS[change.table] ?? [];
  const row: Row =
    change.kind === 'insert' ? change.row : { ...change.key, ...(change.kind === 'patch' && change.set) };
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
