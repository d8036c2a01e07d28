import { isObject, object, text } from '../json.js';
import { joinRuns } from './notation.js';
import type { Names } from './names.js';

/** Names that the second client has changed. */
const COMMON: Readonly<Record<string, string>> = { expectedState: 'expectedVersion', actualState: 'actualVersion' };

const HIDDEN = new Set(['_raw', 'stack', 'message', 'code', 'type', 'name', 'metadata', 'details']);

/** What an error tells a caller: its type, class, code, text and fields. */
export function describeError(error: unknown, names: Names): unknown {
  if (!(error instanceof Error)) return { thrown: names.outcome(error) };
  const { type, code } = object(error);
  const fields = Object.entries(error).filter(([key, value]) => !HIDDEN.has(key) && value !== undefined);
  return {
    type: type ?? '(none)',
    class: error.constructor.name,
    ...(code !== undefined && { code }),
    ...(error.message !== '' && { message: message(names.generalise(error.message)) }),
    ...(fields.length > 0 && {
      fields: names.outcome(Object.fromEntries(fields.map(([key, value]) => [COMMON[key] ?? key, value]))),
    }),
  };
}

/** Texts of libraries differ from call to call in these parts. */
function message(text: string): string {
  const clean = text
    .replace(/Deadline exceeded after .*/s, 'Deadline exceeded after …')
    .replace(/Resolution note:.*/s, 'Resolution note: …');
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean;
}

/** Events that were read, in as much detail as the step shows. */
export function shownEvents(events: readonly unknown[], show: string): unknown {
  const originals = events.map(originalOf);
  switch (show) {
    case 'summary':
      return { count: events.length, first: shownEvent(events[0]), last: shownEvent(events.at(-1)) };
    case 'revisions':
      return { revisions: originals.map(({ revision }) => revision) };
    case 'positions':
      return { positions: originals.map(({ position }) => position) };
    case 'brief':
      return { events: joinRuns(events.map(brief)) };
    case 'nothing':
      return { ended: true };
    case 'full':
      return { events };
    default:
      return { events: events.map(shownEvent) };
  }
}

/** An event in the words of the case files. */
export function shownEvent(resolved: unknown): unknown {
  if (!isObject(resolved)) return undefined;
  const { event, link, commitPosition } = resolved;
  const original = originalOf(resolved);
  return {
    ...(isObject(event) ? shownRecord(event) : { event: null }),
    ...(isObject(link) && { link: shownRecord(link) }),
    ...(commitPosition !== object(original['position'])['commit'] && { commitPosition: commitPosition ?? null }),
    ...(!(original['created'] instanceof Date) && { created: '(not a date)' }),
  };
}

/** `stream revision type` */
export function brief(resolved: unknown): string {
  const { streamId, revision, type } = originalOf(resolved);
  return `${text(streamId)} ${String(revision)} ${text(type)}`;
}

/** The event as it stands in the stream that was read: the link, if it is one. */
export const originalOf = (resolved: unknown): Readonly<Record<string, unknown>> => {
  const { link, event } = object(resolved);
  return object(link ?? event);
};

const shownRecord = ({
  streamId,
  id,
  type,
  revision,
  data,
  metadata,
  isJson,
  position,
}: Readonly<Record<string, unknown>>) => ({
  stream: streamId,
  id,
  type,
  revision,
  data,
  metadata,
  ...(isJson !== true && { isJson }),
  position,
});
