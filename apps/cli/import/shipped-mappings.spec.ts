import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryFolder } from '#embedded';
import { readMapping } from '#import';
import { mappingOf, mappingPath, shippedMappings } from './shipped-mappings.js';

const names = await shippedMappings();
const folder = temporaryFolder('taizhang-mappings');
const folderOf = (name: string) => join(folder, name);

beforeAll(async () => {
  for (const name of [...names, 'nobody']) await mkdir(folderOf(name), { recursive: true });
  for (const name of names) {
    const { files } = await readMapping(await mappingPath(name));
    for (const { file } of Object.values(files)) await writeFile(join(folderOf(name), file), '');
  }
});
afterAll(() => rm(folder, { recursive: true }));

test.each(names)('a folder with the files of %s is known by them', async (name) => {
  expect(await mappingOf(folderOf(name))).toBe(name);
});

test('a folder that no mapping knows is refused with the mappings that were tried', async () => {
  await expect(mappingOf(folderOf('nobody'))).rejects.toThrow(`tried ${names.join(', ')}`);
});

test('a folder that is not there is named', async () => {
  await expect(mappingOf(folderOf('absent'))).rejects.toThrow('There is no file or folder');
});
