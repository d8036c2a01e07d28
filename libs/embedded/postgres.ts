import { access, constants, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { CannotStart } from './cannot-start.js';
import { clusterOwner, openCluster, superuser, type Cluster } from './cluster.js';
import { lockFolder } from './folder-lock.js';
import { endOrphanedPostgres } from './orphans.js';
import { freePort, lastingPort } from './ports.js';
import { postgresBinaries } from './postgres-binaries.js';
import { isRoot, serverUser } from './postgres-user.js';
import { launch, type Postmaster } from './postmaster.js';

export interface PostgresOptions {
  /** Holds everything of this Postgres: data, password, port, log. Made when absent. */
  readonly folder: string;
  readonly log?: (message: string) => void;
}

/** A Postgres of our own that accepts connections on loopback. */
export interface RunningPostgres {
  readonly port: number;
  readonly pid: number;
  /** Resolves with the reason when it ends without having been told to. */
  readonly lost: Promise<string>;
  url(database: string): string;
  /** Creates the database unless it exists. */
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the embedded Postgres on a folder, cleaning up after a crash; one process at a time may use a folder. */
export async function startPostgres({ folder, log = () => undefined }: PostgresOptions): Promise<RunningPostgres> {
  const home = await makeFolder(resolve(folder));
  const unlock = await lockFolder(home, log);
  try {
    const user = (isRoot() ? await clusterOwner(home) : undefined) ?? (await serverUser());
    const binaries = await postgresBinaries(user);
    const cluster = await openCluster(home, binaries, user);
    if (await endOrphanedPostgres(cluster.data)) log('Ended a Postgres that was left running on this folder.');

    const portFile = join(home, 'port');
    const remembered = Number.parseInt(await readFile(portFile, 'utf8').catch(() => '0'), 10);
    const port = remembered ? await freePort(remembered) : await lastingPort();
    if (remembered && port !== remembered) log(`Port ${remembered} is busy, Postgres listens on ${port}.`);
    const postmaster = await launch({ binaries, cluster, user, port, logFile: join(home, 'postgres.log') });
    await writeFile(portFile, String(postmaster.port));
    return running(postmaster, cluster, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function makeFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return await realpath(folder);
  } catch (error) {
    throw new CannotStart(`The data folder ${folder} cannot be used (${String(error)}): choose one you may write.`);
  }
}

function running(postmaster: Postmaster, cluster: Cluster, unlock: () => Promise<void>): RunningPostgres {
  const url = (database: string): string =>
    `postgres://${superuser}:${cluster.password}@127.0.0.1:${postmaster.port}/${encodeURIComponent(database)}`;
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await postmaster.stop();
    await unlock();
  };
  return {
    port: postmaster.port,
    pid: postmaster.pid,
    lost: postmaster.lost,
    url,
    createDatabase: (name) => createDatabase(url('postgres'), name),
    dropDatabase: (name) =>
      administer(url('postgres'), async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
      }),
    stop: () => (stopping ??= stop()),
  };
}

function createDatabase(url: string, name: string): Promise<void> {
  return administer(url, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE template0`);
      // Roles belong to the whole cluster, and one that reads reports has no business in the log.
      await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${client.escapeIdentifier(name)} FROM PUBLIC`);
    } catch (error) {
      const createdMeanwhile = error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? '');
      if (!createdMeanwhile) throw error;
    }
  });
}

async function administer(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
