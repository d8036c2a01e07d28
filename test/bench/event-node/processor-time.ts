import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** User and system time of a process, and of those it has started, in seconds. Zero where there is no /proc. */
export function processorSeconds(pid: number, { withChildren = false } = {}): number {
  const own = ticksOf(pid);
  if (!withChildren) return own / TICKS_PER_SECOND;
  const children = processes().filter((child) => parentOf(child) === pid);
  return children.reduce((sum, child) => sum + ticksOf(child), own) / TICKS_PER_SECOND;
}

const processes = (): readonly number[] => {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
};

const parentOf = (pid: number): number => Number(statOf(pid)[1] ?? 0);

/** Its own time, and that of children which have ended. */
const ticksOf = (pid: number): number =>
  statOf(pid)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0);

/** Fields of /proc/<pid>/stat from the state on; the name before them may hold spaces. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
