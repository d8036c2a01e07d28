import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CannotStart } from '#embedded';
import { type Configuration } from './configuration.js';

/** The key that wraps the keys of all data subjects. The embedded default makes one at its first start. */
export async function readMasterKey({ masterKey, masterKeyFile, stores }: Configuration): Promise<Buffer> {
  if (masterKey) return masterKey;
  const stored = await readFile(masterKeyFile, 'utf8').catch(() => undefined);
  if (stored === undefined && stores === undefined) return makeMasterKey(masterKeyFile);
  const key = Buffer.from(stored ?? '', 'base64');
  if (key.length === 32) return key;
  const problem = stored === undefined ? 'cannot be read' : 'does not hold 32 bytes in base64';
  throw new CannotStart(
    `${masterKeyFile} ${problem}: set MASTER_KEY or MASTER_KEY_FILE (\`openssl rand -base64 32\`).`,
  );
}

/** A key is never replaced: what it sealed could not be read again. */
async function makeMasterKey(file: string): Promise<Buffer> {
  const key = randomBytes(32);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return key;
}
