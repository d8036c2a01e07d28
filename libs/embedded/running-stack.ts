import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { identityOf } from './processes.js';

const Announcement = z.object({ owner: z.string(), eventStoreUrl: z.string(), databaseUrl: z.string() });

/** Where a running stack is reached. */
export type StackAddress = Readonly<Pick<z.infer<typeof Announcement>, 'eventStoreUrl' | 'databaseUrl'>>;

const fileIn = (folder: string) => join(resolve(folder), 'stack.json');

/** Tells other programs on this machine where the stack of a folder is reached; returns how to take that back. */
export async function announceStack(folder: string, address: StackAddress): Promise<() => Promise<void>> {
  const owner = `${process.pid} ${identityOf(process.pid) ?? ''}`;
  // The address of Postgres holds its password.
  await writeFile(fileIn(folder), JSON.stringify({ owner, ...address }), { mode: 0o600 });
  return () => rm(fileIn(folder), { force: true });
}

/** The stack that another process runs on a folder; undefined when none does. */
export async function findRunningStack(folder: string): Promise<StackAddress | undefined> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => '{}');
  const found = Announcement.safeParse(JSON.parse(text));
  if (!found.success) return undefined;
  const { owner, ...address } = found.data;
  const pid = Number.parseInt(owner, 10);
  return owner === `${pid} ${identityOf(pid) ?? ''}` ? address : undefined;
}
