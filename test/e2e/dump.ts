import { dirname, join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Client, escapeIdentifier } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** The bytes of something that was kept, and what it is called. */
export interface Kept {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every row of every table of a database, those of Postgres itself and its statistics too, byte by byte. */
export async function tablesOf(databaseUrl: string): Promise<readonly Kept[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ schema: string; table: string }>(
      `select nspname as schema, relname as table from pg_class join pg_namespace n on n.oid = relnamespace
       where relkind = 'r' and relpersistence = 'p' order by 1, 2`,
    );
    const kept: Kept[] = [];
    for (const { schema, table } of rows) {
      const name = `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
      // Some types of Postgres's own tables have no binary form.
      const format = schema === 'pg_catalog' ? 'text' : 'binary';
      const bytes = await buffer(client.query(copyTo(`copy ${name} to stdout (format ${format})`)));
      kept.push({ name, bytes });
    }
    return kept;
  } finally {
    await client.end();
  }
}

/** What the embedded Postgres has written to its log. */
export async function postgresLogOf(databaseUrl: string): Promise<Kept> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    const name = join(dirname(rows[0]?.data_directory ?? ''), 'postgres.log');
    return { name, bytes: await readFile(name) };
  } finally {
    await client.end();
  }
}

/** The ways in which a text may stand in bytes. */
export function formsOf(text: string): readonly Buffer[] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const escaped = text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const ascii = [encodeURIComponent(text), escaped, escaped.toUpperCase().replaceAll('\\U', '\\u')];
  return [
    ...[utf8, utf16, Buffer.from(utf16).swap16()],
    ...[utf8, utf16].flatMap((bytes) => base64sOf(bytes)),
    ...[utf8.toString('hex'), utf8.toString('hex').toUpperCase(), ...ascii].map((form) => Buffer.from(form)),
  ];
}

/** How base64 writes the bytes in the middle of others, at each of the three places where they may begin. */
const base64sOf = (bytes: Buffer): readonly Buffer[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)];
    return Buffer.from(text.slice(from, to));
  });

/** Where any of the texts stands, in whatever form. */
export const findIn = (kept: readonly Kept[], texts: readonly string[]): readonly string[] =>
  kept.flatMap(({ name, bytes }) =>
    texts.filter((text) => formsOf(text).some((form) => bytes.includes(form))).map((text) => `${text} in ${name}`),
  );
