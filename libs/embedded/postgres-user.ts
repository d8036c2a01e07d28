import { userInfo } from 'node:os';
import { CannotStart } from './cannot-start.js';
import { run } from './processes.js';

/** Whom Postgres runs as; empty means: as ourselves. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

export const isRoot = (): boolean => process.platform !== 'win32' && userInfo().uid === 0;

/** Postgres refuses to run as root, so root lends it an unprivileged user: `postgres`, made when missing, else `nobody`. */
export async function serverUser(): Promise<ServerUser> {
  if (!isRoot()) return {};
  const found = (await lookUp('postgres')) ?? (await createPostgresUser()) ?? (await lookUp('nobody'));
  if (!found) {
    throw new CannotStart('Postgres cannot run as root and there is no user to run it as: create a user "postgres".');
  }
  return found;
}

async function createPostgresUser(): Promise<ServerUser | undefined> {
  await run('groupadd', ['--system', 'postgres']);
  await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/bin/false', 'postgres']);
  return lookUp('postgres');
}

async function lookUp(name: string): Promise<ServerUser | undefined> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  return uid.ok && gid.ok ? { uid: Number(uid.output), gid: Number(gid.output) } : undefined;
}

/** Whether that user may pass through the folder to what it owns below. Asked of the system, which knows every rule. */
export async function mayEnter(user: ServerUser, folder: string): Promise<boolean> {
  if (user.uid === undefined) return true;
  return (await run('/bin/sh', ['-c', 'test -x "$1"', 'sh', folder], { ...user, cwd: '/' })).ok;
}
