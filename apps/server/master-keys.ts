import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CannotStart } from '#embedded';
import type { MasterKeys } from '#event-store';
import { LocalMasterKeys } from '#event-store';
import { type Configuration } from './configuration.js';

/** The keys that wrap the keys of all data subjects. The embedded default makes one at its first start. */
export async function openMasterKeys({ masterKeys, masterKeyFile, stores }: Configuration): Promise<MasterKeys> {
  if (masterKeys) return LocalMasterKeys.holding(...masterKeys);
  const isThere = (await readFile(masterKeyFile).catch(() => undefined)) !== undefined;
  if (!isThere && stores === undefined) await makeMasterKey(masterKeyFile);
  await keysIn(masterKeyFile);
  return new LocalMasterKeys(() => keysIn(masterKeyFile));
}

/** The keys of a file, one a line: the first wraps, all open. */
async function keysIn(file: string): Promise<readonly Buffer[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const keys = (text ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [Buffer.from(line, 'base64')]));
  if (keys.length > 0 && keys.every(({ length }) => length === 32)) return keys;
  const problem = text === undefined ? 'cannot be read' : 'does not hold 32 bytes in base64';
  throw new CannotStart(`${file} ${problem}: set MASTER_KEY or MASTER_KEY_FILE (\`openssl rand -base64 32\`).`);
}

/** A key is never replaced: what it sealed could not be read again. */
async function makeMasterKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, newLine(), { mode: 0o600, flag: 'wx', flush: true });
}

/** Puts a new key before those of a file; whoever reads the file meanwhile reads it whole, before or after. */
export async function addMasterKey(file: string): Promise<void> {
  try {
    await replace(await realpath(file), newLine() + (await readFile(file, 'utf8')));
  } catch (error) {
    throw new CannotStart(
      `${file} cannot be replaced (${String(error)}): write a new key (\`openssl rand -base64 32\`) on a line before the others, and call this again.`,
    );
  }
}

/** The new file is whole before it takes the place of the old one, and as readable as that was. */
async function replace(file: string, text: string): Promise<void> {
  const { mode, uid, gid } = await stat(file);
  const fresh = `${file}.new`;
  await writeFile(fresh, text, { mode: 0o600, flush: true });
  await chown(fresh, uid, gid);
  await chmod(fresh, mode & 0o777);
  await rename(fresh, file);
  const folder = await open(dirname(file));
  await folder.sync().finally(() => folder.close());
}

const newLine = () => `${randomBytes(32).toString('base64')}\n`;
