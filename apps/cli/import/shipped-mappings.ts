import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CannotImport } from '#import';

const FOLDER = new URL('../mappings/', import.meta.url);

/** The names of the mappings that come with the program. */
export const shippedMappings = async (): Promise<readonly string[]> =>
  (await readdir(FOLDER)).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5));

/** The path of a mapping: a file, or one of those that come with the program, by name. */
export async function mappingPath(nameOrPath: string): Promise<string> {
  const names = await shippedMappings();
  if (names.includes(nameOrPath)) return fileURLToPath(new URL(`${nameOrPath}.yaml`, FOLDER));
  const isFile = (await stat(nameOrPath).catch(() => undefined))?.isFile() ?? false;
  if (isFile) return nameOrPath;
  throw new CannotImport(`There is no mapping '${nameOrPath}': expected a file, or one of ${names.join(', ')}`);
}
