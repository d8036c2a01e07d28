import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
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
  await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
}
