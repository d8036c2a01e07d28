import { execFileSync, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the condition holds; false when it still does not after `timeoutMs`. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await delay(25);
  }
  return true;
}

/** What tells a process from a later one with the same pid: its start time; undefined when there is no such process. */
export function identityOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
    }
    const fields = statOf(pid);
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Fields of /proc/<pid>/stat from the state on; the name before them may hold spaces. */
function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Whether there is such a process. */
export const isAlive = (pid: number): boolean => identityOf(pid) !== undefined;

/** Sends a signal to a process that may be gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended first.
  }
}

/** Sends one signal after another until the process is gone, waiting the given time after each. */
export async function endProcess(pid: number, steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<void> {
  if (!isAlive(pid)) return;
  for (const [name, patienceMs] of steps) {
    signal(pid, name);
    if (await until(() => !isAlive(pid), patienceMs)) return;
  }
  throw new Error(`process ${pid} does not end`);
}

/** Resolves with how a child ended: its exit code, its signal, or why it could not be started. */
export function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, name) => {
      resolve(name ? `signal ${name}` : `exit code ${code ?? 'unknown'}`);
    });
  });
}

/** Runs a program to its end; never rejects. */
export async function run(
  program: string,
  parameters: readonly string[],
  options: SpawnOptions = {},
): Promise<{ readonly ok: boolean; readonly output: string }> {
  try {
    const child = spawn(program, parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    const how = await ending(child);
    return { ok: how === 'exit code 0', output: output.trim() || how };
  } catch (error) {
    return { ok: false, output: String(error) };
  }
}

/**
 * Ends a child of ours when we die without having stopped it, however we die: a shell waits on a pipe that only we hold.
 * It lets the child finish (SIGTERM) for five seconds, then insists with `lastSignal`.
 */
export function endsWithUs(child: ChildProcess, lastSignal: 'INT' | 'KILL'): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const script = `if read -r _; then exit; fi
    kill -TERM "$1" 2>/dev/null
    for _ in 1 2 3 4 5; do kill -0 "$1" 2>/dev/null || exit; sleep 1; done
    kill -${lastSignal} "$1" 2>/dev/null`;
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  guard.once('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  child.once('close', () => guard.stdin.end('ended\n'));
}
