import { CannotImport, RowProblem } from './cannot-import.js';
import { Columns } from './cells.js';
import type { Commands } from './commands.js';
import { CsvFile } from './csv-file.js';
import { Identity, keyText } from './identity.js';
import { JoinTable } from './join-table.js';
import { KnownRecords } from './known-records.js';
import { missingFiles } from './locate.js';
import type { FileOf, Mapping, Records } from './mapping.js';
import { RecordSet } from './record-set.js';
import { entitiesReferredTo } from './walk.js';

/** An import that can begin: its files are there and sound, and what must be known of them beforehand is known. */
export interface Plan {
  readonly source: string;
  readonly sets: readonly RecordSet[];
  readonly known: KnownRecords;
  /** Knows what a row can be sent as; without it, only who takes the commands sees what is wrong with them. */
  readonly commands?: Commands;
}

/** A file that was found and whose header was read. */
interface OpenFile {
  readonly file: CsvFile;
  readonly header: readonly string[];
  readonly format: FileOf;
}

/** Reads all files through once: nothing is sent from files that cannot be read to their end. */
export async function planImport(
  mapping: Mapping,
  paths: ReadonlyMap<string, string>,
  commands?: Commands,
): Promise<Plan> {
  const known = new KnownRecords();
  const files = await openFiles(mapping, paths);
  const tables = new Map<string, JoinTable[]>();
  const columnsOf = (name: string): Columns | undefined => {
    const open = files.get(name);
    return open && new Columns(open.file.path, open.header, open.format, mapping.empty);
  };
  const joinsOf = ({ join }: Records) =>
    new Map(
      Object.entries(join).map(([alias, one]) => {
        const table = new JoinTable(one, columnsOf(one.file));
        tables.set(one.file, [...(tables.get(one.file) ?? []), table]);
        return [alias, table];
      }),
    );
  const context = {
    mapping,
    identity: new Identity(mapping.source),
    knows: (entity: string, key: string) => known.knows(entity, key),
  };
  const sets = mapping.records.map((records) => {
    const file = records.from === undefined ? undefined : files.get(records.from)?.file;
    const columns = records.from === undefined ? undefined : columnsOf(records.from);
    return new RecordSet(records, file && columns && { file, columns }, joinsOf(records), context);
  });
  for (const [name, { file }] of files) {
    const announcing = sets.filter((set) => set.records.from === name && refersToItself(set.records));
    for await (const raw of file.survey()) {
      for (const table of tables.get(name) ?? []) table.add(raw);
      for (const set of announcing) announce(set, raw, known);
    }
  }
  for (const set of sets) set.source?.columns.forgetRespellings();
  return { source: mapping.source, sets, known, commands };
}

const refersToItself = (records: Records) => entitiesReferredTo(records).has(records.entity);

function announce(set: RecordSet, raw: Parameters<RecordSet['read']>[0], known: KnownRecords): void {
  for (const row of set.read(raw))
    if (row !== undefined && !(row instanceof RowProblem)) known.announce(set.records.entity, keyText(row.key));
}

async function openFiles(mapping: Mapping, paths: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, OpenFile>> {
  const open = new Map<string, OpenFile>();
  const [missing] = missingFiles(mapping, paths);
  if (missing !== undefined) throw new CannotImport(`There is no file ${missing}, which the mapping needs`);
  for (const [name, format] of Object.entries(mapping.files)) {
    const path = paths.get(name);
    if (path === undefined) continue;
    const file = new CsvFile(path, format);
    const header = await file.header();
    const strange = Object.keys(format.columns).find((column) => !header.includes(column));
    if (strange !== undefined)
      throw new CannotImport(`${path} has no column '${strange}'; its columns are ${header.join(', ')}`);
    open.set(name, { file, header, format });
  }
  return open;
}
