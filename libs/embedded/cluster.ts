import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, readdir, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { endOrphanedPostgres } from './orphans.js';
import { type PostgresBinaries } from './postgres-binaries.js';
import { mayEnter, type ServerUser } from './postgres-user.js';
import { run } from './processes.js';
import { sharedFolder } from './shared-folder.js';

/** The superuser of the embedded Postgres. */
export const superuser = 'taizhang';

/** A Postgres data directory that is complete, and the password of its superuser. */
export interface Cluster {
  readonly data: string;
  readonly password: string;
}

/** `<folder>/cluster` is the data directory, or a link to it when the server's user may not enter the folder. */
const clusterIn = (folder: string): string => join(folder, 'cluster');

/** Opens the folder's cluster, or makes it. It is made under another name, so one that was interrupted is never opened. */
export async function openCluster(folder: string, binaries: PostgresBinaries, user: ServerUser): Promise<Cluster> {
  for (const entry of await readdir(folder)) {
    if (/^cluster\.new-[^.]+$/.test(entry)) await removeInterrupted(join(folder, entry));
  }
  const cluster = clusterIn(folder);
  const password = await passwordIn(folder, existsSync(cluster));
  if (!existsSync(cluster)) {
    const fresh = join(folder, `cluster.new-${randomUUID()}`);
    await initialise(await makeDataFolder(fresh, folder, user), password, binaries, user);
    await rename(fresh, cluster);
  }
  const data = await realpath(cluster);
  if (!(await mayEnter(user, data))) {
    throw new CannotStart(
      `The user that runs Postgres can no longer enter ${data}: give the folders above it mode o+x.`,
    );
  }
  return { data, password };
}

async function removeInterrupted(path: string): Promise<void> {
  const data = await realpath(path).catch(() => path);
  await endOrphanedPostgres(data);
  await removeTree(path);
  await rm(passwordFileFor(data), { force: true });
}

/** As root, a cluster that an ordinary user made stays that user's. */
export async function clusterOwner(folder: string): Promise<ServerUser | undefined> {
  const found = await stat(clusterIn(folder)).catch(() => undefined);
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : undefined;
}

/** Removes a folder and the data it may keep elsewhere. Nothing may be running on it. */
export async function removeCluster(folder: string): Promise<void> {
  await removeTree(clusterIn(folder));
  await rm(folder, { recursive: true, force: true });
}

async function removeTree(path: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  await rm(target, { recursive: true, force: true });
  await rm(path, { recursive: true, force: true });
}

async function passwordIn(folder: string, clusterExists: boolean): Promise<string> {
  const file = join(folder, 'password');
  const stored = await readFile(file, 'utf8').catch(() => '');
  if (stored !== '') return stored;
  if (clusterExists) {
    throw new CannotStart(
      `${file} cannot be read, and the data beside it cannot be opened without it: restore it, or start as its owner.`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function makeDataFolder(path: string, folder: string, user: ServerUser): Promise<string> {
  if (await mayEnter(user, folder)) {
    await mkdir(path);
  } else {
    const elsewhere = join(await sharedFolder(user), `cluster-${randomUUID()}`);
    await symlink(elsewhere, path);
    await mkdir(elsewhere);
  }
  const data = await realpath(path);
  await give(data, user);
  return data;
}

const passwordFileFor = (data: string): string => `${data}.password`;

async function initialise(data: string, password: string, binaries: PostgresBinaries, user: ServerUser): Promise<void> {
  const passwordFile = passwordFileFor(data);
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    await give(passwordFile, user);
    const parameters = [
      `--pgdata=${data}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Text compares by code point on every machine, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    // Detached: a Ctrl-C is for us to handle in order.
    const { ok, output } = await run(binaries.initdb, parameters, {
      ...user,
      cwd: '/',
      env: serverEnvironment(),
      detached: true,
    });
    if (!ok) throw new CannotStart(`The Postgres cluster in ${data} cannot be made:\n${output}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function give(path: string, { uid, gid }: ServerUser): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
}

/** Without the caller's PG* variables and locale, which would change what Postgres does. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' });
