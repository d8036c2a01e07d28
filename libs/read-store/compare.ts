import type { Row } from '#kernel';
import { escapeIdentifier, escapeLiteral, type PoolClient } from 'pg';
import { tablesOf, type TableShape } from './catalog.js';
import type { Version } from './versions.js';

const PAGE = 5_000;
/** So many differences are enough to see what is wrong. */
const MOST_DIFFERENCES = 20;

/** A row that is not the same in both; one of them may lack it. */
export interface Difference {
  readonly table: string;
  readonly key: Row;
  /** The key as the table's shape writes it. */
  readonly keyText: string;
  readonly living?: string;
  readonly rebuilt?: string;
}

interface KeyedRow {
  readonly key: Readonly<Record<string, string>>;
  readonly order: Buffer;
  readonly text: string;
}

/** Walks through the tables of two versions in the order of their keys, each in the transaction of its client. */
export async function differences(client: PoolClient, living: Version, other: PoolClient, shadow: string) {
  const found: Difference[] = [];
  let rows = 0;
  await other.query('begin isolation level repeatable read read only');
  try {
    for (const [table, shape] of await tablesOf(other, shadow)) {
      const ours = rowsInOrder(client, living.tables.get(table) ?? shape);
      const theirs = rowsInOrder(other, shape);
      let [one, two] = [await next(ours), await next(theirs)];
      while ((one !== undefined || two !== undefined) && found.length < MOST_DIFFERENCES) {
        const side = Math.sign(order(one, two));
        if (side !== 0 || one?.text !== two?.text) {
          const row = side <= 0 ? one : two;
          const key = row?.key ?? {};
          found.push({
            ...{ table, key, keyText: shape.keyOf(key) },
            ...(side <= 0 && one && { living: one.text }),
            ...(side >= 0 && two && { rebuilt: two.text }),
          });
        }
        rows++;
        [one, two] = [side <= 0 ? await next(ours) : one, side >= 0 ? await next(theirs) : two];
      }
    }
  } finally {
    await other.query('rollback').catch(() => undefined);
  }
  return { rows, differences: found };
}

const order = (one: KeyedRow | undefined, two: KeyedRow | undefined): number => {
  if (one === undefined) return two === undefined ? 0 : 1;
  return two === undefined ? -1 : Buffer.compare(one.order, two.order);
};

const next = async (rows: AsyncGenerator<KeyedRow, undefined>): Promise<KeyedRow | undefined> =>
  (await rows.next()).value;

/** All rows by their keys' text, byte by byte, whatever the collation of the database. */
async function* rowsInOrder(client: PoolClient, shape: TableShape): AsyncGenerator<KeyedRow, undefined> {
  const keys = shape.key.map((column) => `t.${escapeIdentifier(column)}::text`);
  await client.query(
    `declare compared no scroll cursor for
     select json_build_object(${shape.key.map((column, index) => `${escapeLiteral(column)}, ${keys[index] ?? ''}`).join(', ')}) as key,
            convert_to(concat_ws(chr(1), ${keys.join(', ')}), 'UTF8') as "order", to_jsonb(t)::text as text
     from ${shape.qualified} as t order by 2`,
  );
  for (;;) {
    const { rows } = await client.query<KeyedRow>(`fetch ${PAGE} from compared`);
    yield* rows;
    if (rows.length < PAGE) break;
  }
  await client.query('close compared');
  return undefined;
}
