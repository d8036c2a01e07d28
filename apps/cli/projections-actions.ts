import { hostname, userInfo } from 'node:os';
import { SingleBar } from 'cli-progress';
import colour from 'picocolors';
import { z } from 'zod';
import { ERASED } from '#kernel';
import {
  dropUnseenVersion,
  NotPossible,
  rebuildProjections,
  replayDeadLetters,
  rollbackProjection,
  skipDeadLetter,
  switchProjection,
  unskip,
  verifyProjections,
  type BuildProgress,
  type ExplainedDifference,
  type Repaired,
} from '#read-store';
import type { ReadSide } from './read-side.js';

export async function rebuild(readSide: ReadSide, names: readonly string[], andSwitch: boolean): Promise<void> {
  const chosen = known(readSide, names);
  const lost = new Set<string>();
  const onLost = (taken: readonly string[]) => taken.forEach((version) => lost.add(version));
  const versions = await withBar('building', (onProgress) =>
    rebuildProjections({ ...readSide, source: readSide.events, names: chosen, onProgress, onLost }),
  );
  for (const version of versions)
    console.log(`${colour.green('built')} ${version}${lost.has(version) ? ', by another process that took over' : ''}`);
  if (andSwitch) for (const name of chosen) await switchTo(readSide, name);
  else console.log(`Show them with: taizhang projections switch ${chosen.length === 1 ? (chosen[0] ?? '') : '<name>'}`);
}

export const switchTo = (readSide: ReadSide, name: string, force = false) =>
  change({ ...readSide, force }, name, switchProjection);
export const rollback = (readSide: ReadSide, name: string) => change(readSide, name, rollbackProjection);

export async function drop({ pool, namespace }: ReadSide, version: string): Promise<void> {
  console.log(`${colour.green('dropped')} ${await dropUnseenVersion(pool, namespace, version)}`);
}

async function change(
  readSide: ReadSide & { force?: boolean },
  name: string,
  how: typeof switchProjection,
): Promise<void> {
  const [projection = name] = known(readSide, [name]);
  console.log(`${colour.green('shown')} ${await how({ ...readSide, projection })}`);
}

export async function verify(readSide: ReadSide, names: readonly string[]): Promise<void> {
  const chosen = known(readSide, names);
  const projections = readSide.projections.filter(({ name }) => chosen.includes(name));
  const verified = await withBar('building', (onProgress) =>
    verifyProjections({ ...readSide, source: readSide.events, projections, onProgress }),
  );
  for (const { projection, rows, differences } of verified) {
    const verdict = differences.length === 0 ? colour.green('equal') : colour.red('NOT equal to a rebuild');
    console.log(`${projection}: ${rows} rows, ${verdict}`);
    if (differences.length > 0) process.exitCode = 1;
    const personal = personalColumnsOf(readSide, projection);
    for (const difference of differences) console.log(explained(difference, personal));
  }
}

/** As `table.column`: what they hold is nothing for a terminal and its scrollback. */
const personalColumnsOf = ({ projections }: ReadSide, projection: string): ReadonlySet<string> =>
  new Set(
    projections
      .filter(({ name }) => name === projection)
      .flatMap(({ personal = [] }) => personal)
      .flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)),
  );

/** Which columns differ, and from which events the row is made. */
export function explained(
  { table, key, living, rebuilt, events }: ExplainedDifference,
  personal: ReadonlySet<string>,
): string {
  const [seen, right] = [columnsOf(living), columnsOf(rebuilt)];
  const columns = Object.keys({ ...seen, ...right }).filter((name) => value(seen, name) !== value(right, name));
  const differing =
    living === undefined
      ? ['readers do not see this row']
      : rebuilt === undefined
        ? ['a rebuild has no such row']
        : columns.map((name) => {
            const told = (row: typeof seen) =>
              personal.has(`${table}.${name}`) ? withoutPerson(row?.[name]) : value(row, name);
            return `${name}: readers see ${told(seen)}, a rebuild has ${told(right)}`;
          });
  const sources = events.map(({ type, stream, revision, eventId }) => `${type} ${stream}@${revision} ${eventId}`);
  return [
    `  ${colour.red(table)} ${JSON.stringify(key)}`,
    ...differing.map((line) => `    ${line}`),
    ...sources.map((line) => colour.dim(`    made from ${line}`)),
  ].join('\n');
}

const columnsOf = (row: string | undefined) =>
  row === undefined ? undefined : z.record(z.string(), z.unknown()).parse(JSON.parse(row));
const value = (row: Readonly<Record<string, unknown>> | undefined, name: string) => JSON.stringify(row?.[name] ?? null);

const withoutPerson = (told: unknown): string =>
  told === null || told === undefined ? 'nothing' : told === ERASED ? ERASED : 'something personal';

export async function repair(
  readSide: ReadSide,
  name: string,
  stream: string | undefined,
  reason: string,
): Promise<void> {
  const repaired = await replayDeadLetters(repairOf(readSide, name, reason), stream);
  if (repaired.length === 0) console.log(`Nothing of ${name} is parked.`);
  for (const one of repaired) tell(one);
}

export async function skip(readSide: ReadSide, name: string, stream: string, reason: string): Promise<void> {
  for (const one of await skipDeadLetter(repairOf(readSide, name, reason), stream)) tell(one);
}

export async function takeBack(readSide: ReadSide, name: string, stream: string): Promise<void> {
  const events = await unskip({ ...readSide, projection: projectionOf(readSide, name) }, stream);
  console.log(
    `${events} of ${stream} will be applied by the next build: taizhang projections rebuild ${name} --switch`,
  );
}

function tell({ version, stream, replayed, left, failure }: Repaired) {
  const still = failure === undefined ? '' : colour.red(`, ${left} still parked: ${failure}`);
  console.log(`${version} ${stream}: ${replayed} events applied${still}`);
  if (failure !== undefined) process.exitCode = 1;
}

function repairOf(readSide: ReadSide, name: string, reason: string) {
  const projection = projectionOf(readSide, name);
  return { ...readSide, projection, source: readSide.events, reason, by: `${userInfo().username}@${hostname()}` };
}

function projectionOf(readSide: ReadSide, name: string) {
  const projection = readSide.projections.find((one) => one.name === name);
  if (projection === undefined) throw unknownProjection(readSide, name);
  return projection;
}

/** The named projections, or all of them. */
function known(readSide: ReadSide, names: readonly string[]): readonly string[] {
  const all = readSide.projections.map(({ name }) => name);
  for (const name of names) if (!all.includes(name)) throw unknownProjection(readSide, name);
  return names.length === 0 ? all : [...new Set(names)];
}

const unknownProjection = ({ projections }: ReadSide, name: string) =>
  new NotPossible(`There is no projection ${name}: ${projections.map((one) => one.name).join(', ')}`);

async function withBar<T>(
  title: string,
  work: (onProgress: (progress: BuildProgress) => void) => Promise<T>,
): Promise<T> {
  const bar = new SingleBar({
    format: `${title} {bar} {percentage}% | {events} events, {rate}/s | {left}`,
    clearOnComplete: true,
    noTTYOutput: true,
    notTTYSchedule: 3_000,
  });
  bar.start(1, 0, { events: 0, rate: 0, left: '' });
  try {
    return await work(({ deliveries, perSecond, share = 0, remainingMs }) => {
      const left = remainingMs === undefined ? '' : `${Math.ceil(remainingMs / 1000)} s left`;
      bar.update(share, { events: deliveries, rate: perSecond, left });
    });
  } finally {
    bar.stop();
  }
}
