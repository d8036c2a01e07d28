import pg from 'pg';
import { endProcess } from './processes.js';

/** What Postgres says while it starts, recovers or stops. */
const CANNOT_CONNECT_NOW = '57P03';

/** Long enough to write out all its buffers. An end without that loses nothing either: the next start recovers. */
const CLEAN_SHUTDOWN_MS = 15_000;

/**
 * Ends a postmaster as gently as possible. In the midst of its own recovery from a crash there is nothing to finish, and
 * asked for a clean shutdown there, Postgres 18 may wait for ever.
 */
export async function endPostmaster(pid: number, port: number): Promise<void> {
  const gently = (await isRecovering(port)) ? [] : ([['SIGINT', CLEAN_SHUTDOWN_MS]] as const);
  await endProcess(pid, [...gently, ['SIGQUIT', 10_000], ['SIGKILL', 5_000]]);
}

/** It says so before it asks who is there. */
async function isRecovering(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'anybody', connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return false;
  } catch (error) {
    return error instanceof pg.DatabaseError && error.code === CANNOT_CONNECT_NOW;
  } finally {
    await client.end().catch(() => undefined);
  }
}
