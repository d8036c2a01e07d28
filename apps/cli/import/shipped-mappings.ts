import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CannotImport, locateFiles, missingFiles, readMapping } from '#import';

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

/** The shipped mapping whose files a folder holds. @throws CannotImport when there is none */
export async function mappingOf(folder: string): Promise<string> {
  const names = await shippedMappings();
  for (const name of names) {
    const mapping = await readMapping(await mappingPath(name));
    if (missingFiles(mapping, await locateFiles(mapping, [folder])).length === 0) return name;
  }
  throw new CannotImport(
    `No mapping knows the files in ${folder} (tried ${names.join(', ')}). Write one and use: taizhang import <mapping> ${folder}`,
  );
}
