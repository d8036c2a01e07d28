import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import {
  NotPossible,
  openLetters,
  rebuildProjections,
  replayDeadLetters,
  rollbackProjection,
  skipDeadLetter,
  switchProjection,
  verifyProjection,
  versionStatuses,
  type BuildProgress,
  type Repaired,
} from '#read-store';
import type { ReadSide } from './read-side.js';

export async function showStatus(readSide: ReadSide, json: boolean): Promise<void> {
  const [versions, letters] = await Promise.all([versionStatuses(readSide), openLetters(readSide)]);
  if (json) {
    const texts = versions.map((version) => ({ ...version, commit: version.commit?.toString() }));
    console.log(JSON.stringify({ versions: texts, parked: letters }, undefined, 2));
    return;
  }
  const table = new Table({
    style: { head: [], border: [] },
    head: ['projection', 'version', 'state', 'position', 'last event', 'parked', 'fed by'],
  });
  for (const one of versions)
    table.push([
      one.projection,
      one.schema.slice(one.schema.lastIndexOf(`${one.projection}_`) + one.projection.length + 1),
      one.isDeclared ? one.state : `${one.state} (of another program)`,
      String(one.commit ?? '—'),
      one.recordedAt ?? '—',
      one.parkedEvents === 0 ? '' : `${one.parkedEvents} of ${one.parkedStreams} streams`,
      one.holder?.replace(/:[^:]*$/, '') ?? 'nobody',
    ]);
  console.log(table.toString());
  for (const { version, stream, revision, eventType, fault, reason } of letters)
    console.log(`parked: ${version} ${stream}@${revision} ${eventType}: ${fault}: ${reason}`);
}

export async function rebuild(readSide: ReadSide, names: readonly string[], andSwitch: boolean): Promise<void> {
  const chosen = known(readSide, names);
  const versions = await withBar('building', (onProgress) =>
    rebuildProjections({ ...readSide, source: readSide.events, names: chosen, onProgress }),
  );
  console.log(`Built ${versions.join(', ')}`);
  if (andSwitch)
    for (const projection of chosen) console.log(`Shown: ${await switchProjection({ ...readSide, projection })}`);
}

export const switchTo = (readSide: ReadSide, name: string) => change(readSide, name, switchProjection);
export const rollback = (readSide: ReadSide, name: string) => change(readSide, name, rollbackProjection);

async function change(readSide: ReadSide, name: string, how: typeof switchProjection): Promise<void> {
  const [projection = name] = known(readSide, [name]);
  console.log(`Shown: ${await how({ ...readSide, projection })}`);
}

export async function verify(readSide: ReadSide, names: readonly string[]): Promise<void> {
  const chosen = known(readSide, names);
  for (const projection of readSide.projections.filter(({ name }) => chosen.includes(name))) {
    const { rows, differences } = await withBar(projection.name, (onProgress) =>
      verifyProjection({ ...readSide, source: readSide.events, projection, onProgress }),
    );
    console.log(`${projection.name}: ${rows} rows, ${differences.length === 0 ? 'equal' : 'NOT equal to a rebuild'}`);
    if (differences.length > 0) process.exitCode = 1;
    for (const { table, key, living = 'no row', rebuilt = 'no row', events } of differences) {
      console.log(`  ${table} ${JSON.stringify(key)}\n    readers see ${living}\n    a rebuild has ${rebuilt}`);
      for (const { type, stream, revision } of events) console.log(`    ${type} ${stream}@${revision}`);
    }
  }
}

export async function repair(
  readSide: ReadSide,
  name: string,
  stream: string | undefined,
  reason: string,
): Promise<void> {
  for (const one of await replayDeadLetters(repairOf(readSide, name, reason), stream)) tell(one);
}

export async function skip(readSide: ReadSide, name: string, stream: string, reason: string): Promise<void> {
  for (const one of await skipDeadLetter(repairOf(readSide, name, reason), stream)) tell(one);
}

function tell({ version, stream, replayed, left, failure }: Repaired) {
  console.log(`${version} ${stream}: ${replayed} applied, ${left} left${failure === undefined ? '' : `: ${failure}`}`);
  if (failure !== undefined) process.exitCode = 1;
}

function repairOf(readSide: ReadSide, name: string, reason: string) {
  const projection = readSide.projections.find((one) => one.name === name);
  if (projection === undefined) throw unknownProjection(readSide, name);
  return { ...readSide, projection, source: readSide.events, reason };
}

/** The named projections, or all of them. */
function known(readSide: ReadSide, names: readonly string[]): readonly string[] {
  const all = readSide.projections.map(({ name }) => name);
  for (const name of names) if (!all.includes(name)) throw unknownProjection(readSide, name);
  return names.length === 0 ? all : names;
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
