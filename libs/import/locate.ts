import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CannotImport } from './cannot-import.js';
import type { Mapping } from './mapping.js';

/** Finds the files that a mapping names among folders and files; answers their paths by the mapping's names. */
export async function locateFiles(mapping: Mapping, places: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const place of places) {
    const entry = await stat(place).catch(() => undefined);
    if (entry === undefined) throw new CannotImport(`There is no file or folder ${place}`);
    const paths = entry.isDirectory() ? (await readdir(place)).map((name) => join(place, name)) : [place];
    for (const path of paths) {
      const names = namesOf(mapping, path);
      if (names.length === 0 && !entry.isDirectory())
        throw new CannotImport(`The mapping names no file ${basename(path)}; it names ${wanted(mapping)}`);
      for (const name of names) found.set(name, path);
    }
  }
  return found;
}

/** The files that the mapping cannot do without and that were not found, as their publisher names them. */
export const missingFiles = (mapping: Mapping, found: ReadonlyMap<string, string>): readonly string[] =>
  Object.entries(mapping.files).flatMap(([name, { file, optional }]) => (optional || found.has(name) ? [] : [file]));

const namesOf = (mapping: Mapping, path: string) =>
  Object.entries(mapping.files).flatMap(([name, { file }]) => (file === basename(path) ? [name] : []));

const wanted = (mapping: Mapping) =>
  Object.values(mapping.files)
    .map(({ file }) => file)
    .join(', ');
