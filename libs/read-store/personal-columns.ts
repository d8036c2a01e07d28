import { ERASED, type PersonalColumns } from '#kernel';
import { escapeIdentifier, type ClientBase } from 'pg';
import type { Schemas } from './schemas.js';

/** Erases what these versions, and those that nobody feeds, hold of data subjects whose keys are gone; rows stay, and so do all counts. */
export async function erasePersonalColumns(
  client: ClientBase,
  { readStore }: Schemas,
  versions: readonly string[],
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return;
  // A version that somebody else feeds is erased there, in turn: until then it may still be writing what came before.
  const { rows } = await client.query<{ schema: string; personal: readonly PersonalColumns[] }>(
    `select schema_name as schema, personal from ${readStore}.versions
     where schema_name = any ($1) or held_until is null or held_until < now() order by schema_name`,
    [versions],
  );
  for (const { schema, personal } of rows)
    for (const columns of personal) await eraseColumns(client, schema, columns, subjects);
}

/** Text becomes what a destroyed key leaves of it, and no text stays none: as a rebuild has it. */
async function eraseColumns(
  client: ClientBase,
  schema: string,
  { table, columns, kind, idColumn, where }: PersonalColumns,
  subjects: readonly string[],
): Promise<void> {
  const ids = subjects.flatMap((subject) => (subject.startsWith(`${kind}:`) ? [subject.slice(kind.length + 1)] : []));
  if (ids.length === 0) return;
  const names = columns.map(escapeIdentifier);
  await client.query(
    `update ${escapeIdentifier(schema)}.${escapeIdentifier(table)}
     set ${names.map((name) => `${name} = case when ${name} is not null then $2 end`).join(', ')}
     where ${escapeIdentifier(idColumn)} = any ($1) ${where === undefined ? '' : `and ${escapeIdentifier(where)}`}
       and (${names.map((name) => `${name} <> $2`).join(' or ')})`,
    [ids, ERASED],
  );
}

/** Keeps names out of the statistics of Postgres, which no erasure would reach. Call where unqualified names mean the version's tables. */
export async function keepFromStatistics(client: ClientBase, personal: readonly PersonalColumns[]): Promise<void> {
  for (const { table, columns } of personal)
    await client.query(
      `alter table ${escapeIdentifier(table)} ${columns.map((column) => `alter column ${escapeIdentifier(column)} set statistics 0`).join(', ')}`,
    );
}
