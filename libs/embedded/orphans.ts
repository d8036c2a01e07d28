import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { endPostmaster } from './end-postmaster.js';
import { endProcess } from './processes.js';

/** Ends a Postgres that a killed process left running on this data directory, and removes its stale pid file. */
export async function endOrphanedPostgres(data: string): Promise<boolean> {
  const pidFile = join(data, 'postmaster.pid');
  const [pid = '', , , port = ''] = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : [];
  const postmaster = Number.parseInt(pid, 10);
  const orphans = postgresOn(data, postmaster);
  if (orphans.includes(postmaster)) await endPostmaster(postmaster, Number(port));
  // Workers of a killed postmaster still hold its shared memory; removing the pid file before they end would be unsafe.
  for (const pid of postgresOn(data, 0)) {
    await endProcess(pid, [
      ['SIGQUIT', 2_000],
      ['SIGKILL', 5_000],
    ]);
  }
  await rm(pidFile, { force: true });
  return orphans.length > 0;
}

/**
 * Postgres works inside its data directory, which tells its processes from any other even without a pid file;
 * initdb only names it.
 */
function postgresOn(data: string, postmaster: number): readonly number[] {
  if (process.platform !== 'linux') return commandOf(postmaster).includes('postgres') ? [postmaster] : [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => /^(postgres|initdb)\b/.test(basename(linkOf(`/proc/${pid}/exe`))))
    .filter((pid) => linkOf(`/proc/${pid}/cwd`) === data || commandOf(pid).includes(`--pgdata=${data}\0`));
}

/** Ends an event node that a killed process left running; the file names its pid. */
export async function endOrphanedEventNode(pidFile: string): Promise<boolean> {
  const pid = existsSync(pidFile) ? Number.parseInt(readFileSync(pidFile, 'utf8'), 10) : 0;
  await rm(pidFile, { force: true });
  if (!/event-node/.test(commandOf(pid))) return false;
  await endProcess(pid, [
    ['SIGTERM', 5_000],
    ['SIGKILL', 5_000],
  ]);
  return true;
}

/** The command line of a process; empty when there is none. A pid may have passed on to a stranger. */
function commandOf(pid: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
