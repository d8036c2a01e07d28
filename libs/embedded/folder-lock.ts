import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { identityOf, until } from './processes.js';

/** A stack that is stopping, or whose node or Postgres was killed, lets go within this time. */
const patienceMs = 10_000;

/** Makes this process the only user of a folder; returns how to let go. A holder that has died is pushed aside. */
export async function lockFolder(folder: string, log: (message: string) => void): Promise<() => Promise<void>> {
  const file = join(folder, 'lock');
  const own = `${process.pid} ${identityOf(process.pid) ?? ''}`;
  let holder = await take(file, own);
  if (holder !== undefined && holder !== process.pid) {
    log(`${folder} is in use by process ${holder}; waiting to see whether it stops.`);
    await until(async () => (holder = await take(file, own)) === undefined, patienceMs);
  }
  if (holder === undefined) return () => rm(file, { force: true });
  throw new CannotStart(`${folder} is in use by process ${holder}: stop that process, or choose another data folder.`);
}

/** Takes the lock, or tells which living process holds it. */
async function take(file: string, own: string): Promise<number | undefined> {
  for (;;) {
    if (await claim(file, own)) return undefined;
    const found = await readFile(file, 'utf8').catch(() => undefined);
    if (found === undefined) continue;
    const holder = Number.parseInt(found, 10);
    if (found === `${holder} ${identityOf(holder) ?? 'ended'}`) return holder;
    await pushAside(file, found);
  }
}

/** A link appears with its content or not at all, so nobody reads half a lock. */
async function claim(file: string, own: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, own);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Renaming is atomic: when another process took the lock in between, its lock is put back. */
async function pushAside(file: string, expected: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await rename(file, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => expected);
  if (moved !== expected) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Whether an error is the operating system's, with one of these codes. */
export const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && codes.some((code) => code === error.code);
