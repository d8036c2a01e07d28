import colour from 'picocolors';
import {
  openLetters,
  shownCheckpoints,
  versionStatuses,
  type Lag,
  type OpenLetter,
  type VersionStatus,
} from '#read-store';
import { lagsOf } from './lags.js';
import type { ReadSide } from './read-side.js';
import { behind, counted, ownLines, shortHolder, shortTime, statusTable } from './status-text.js';

/** Every version of every projection, how far readers are behind the log, and what waits for an operator. */
export async function showStatus(readSide: ReadSide, json: boolean): Promise<void> {
  const [versions, letters, lags] = await Promise.all([
    versionStatuses(readSide),
    openLetters(readSide),
    lagsOf(readSide, await shownCheckpoints(readSide)),
  ]);
  if (json) {
    const texts = versions.map((version) => ({ ...version, commit: version.commit?.toString() }));
    console.log(JSON.stringify({ versions: texts, lag: lags, parked: letters }, undefined, 2));
    return;
  }
  console.log(versionTable(versions, lags));
  for (const letter of letters) console.log(told(letter));
  console.log(summary(versions, letters, lags));
}

function versionTable(versions: readonly VersionStatus[], lags: readonly Lag[]): string {
  const table = statusTable({
    ...{ projection: 'left', version: 'left', state: 'left', behind: 'right' },
    ...{ 'last event': 'left', parked: 'right', skipped: 'right', 'fed by': 'left' },
  });
  for (const one of versions) {
    const lag = one.state === 'living' ? lags.find(({ name }) => name === one.projection) : undefined;
    table.push([
      one.projection,
      versionOf(one),
      stateOf(one),
      lag === undefined ? '' : behind(lag),
      shortTime(one.recordedAt),
      one.parkedEvents === 0
        ? ''
        : colour.red(`${counted(one.parkedEvents, 'event')} in ${counted(one.parkedStreams, 'stream')}`),
      one.skippedEvents === 0 ? '' : one.skippedEvents,
      shortHolder(one.holder),
    ]);
  }
  return table.toString();
}

const versionOf = ({ projection, schema }: VersionStatus) =>
  schema.slice(schema.lastIndexOf(`${projection}_`) + projection.length + 1);

function stateOf({ state, isDeclared }: VersionStatus): string {
  const shown = state === 'living' ? colour.green(state) : state;
  return isDeclared ? shown : `${shown} ${colour.yellow('(of another program)')}`;
}

const told = ({ version, stream, revision, eventType, fault, reason, stack, waiting, parkedAt }: OpenLetter) =>
  [
    '',
    `${colour.red('parked')} ${version} ${colour.bold(`${stream}@${revision}`)} ${eventType}, ${fault}: ${reason}`,
    ...ownLines(stack).map((line) => colour.dim(`  ${line}`)),
    `  since ${parkedAt}${waiting === 0 ? '' : `; behind it in the stream: ${counted(waiting, 'event')}`}`,
  ].join('\n');

function summary(versions: readonly VersionStatus[], letters: readonly OpenLetter[], lags: readonly Lag[]): string {
  const advice: string[] = [];
  if (versions.some(({ state, holder }) => state === 'living' && holder === undefined))
    advice.push('Some are fed by nobody: start a server (`taizhang start`) whose ROLES include projections.');
  const built = versions.filter(({ state }) => state === 'ready').map(({ projection }) => projection);
  for (const projection of new Set(built))
    advice.push(`A version of ${projection} is filled and not shown: taizhang projections switch ${projection}`);
  if (letters.length > 0)
    advice.push(
      `Mend the cause, then apply what is parked in order: taizhang projections replay-dead <projection> --reason <why>`,
      `or give up the first event of a stream: taizhang projections skip <projection> <stream> --reason <why>`,
    );
  if (advice.length > 0) return `\n${advice.join('\n')}`;
  return lags.every(({ events }) => events === 0)
    ? colour.green('Readers see everything that happened.')
    : 'The projections are catching up.';
}
