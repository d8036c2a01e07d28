import { CallError, Code, handlerFailed } from '../grpc/status.js';
import type { LogEvent } from '../log/log-event.js';
import type { FilterOptions } from '../protocol/read-request.js';

/** Whether a reader wants an event. */
export type EventFilter = (event: LogEvent) => boolean;

export const everyEvent: EventFilter = () => true;

const TYPE = 'EventStore.Client.Streams.ReadReq+Types+Options+Types+FilterOptions';

/** A filter looks at the event that is in the log: at a link, not at what it points to. */
export function filterOf(options: FilterOptions): EventFilter {
  const { on, regex, prefixes, window } = options;
  if (on === undefined) throw new CallError(Code.INVALID_ARGUMENT, `'${shown(options)}' is not a valid ${TYPE}`);
  const matches = regex === '' ? startsWithOneOf(prefixes) : matcher(regex);
  if (window === undefined) throw new CallError(Code.INVALID_ARGUMENT, `'None' is not a valid ${TYPE}+WindowOneofCase`);
  return on === 'stream' ? (event) => matches(event.stream) : (event) => matches(event.type);
}

/** The window of a filter as a number; the server's own is 32. */
export const windowOf = ({ window }: FilterOptions): number => (typeof window === 'number' ? window : 32);

const startsWithOneOf =
  (prefixes: readonly string[]) =>
  (text: string): boolean =>
    prefixes.some((prefix) => text.startsWith(prefix));

function matcher(pattern: string): (text: string) => boolean {
  const { source, flags } = inJavaScript(pattern);
  let regex: RegExp;
  try {
    regex = new RegExp(source, flags);
  } catch {
    throw handlerFailed();
  }
  return (text) => regex.test(text);
}

const AT_THE_END = '(?=\\n?(?![^]))';
const WORD = '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}';
const IN_WORD = `[${WORD}\\u200c\\u200d]`;

/** What .NET means by an escape, where JavaScript means something else or nothing. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\A': '(?<![^])',
  '\\z': '(?![^])',
  '\\Z': AT_THE_END,
  '\\w': `[${WORD}]`,
  '\\W': `[^${WORD}]`,
  '\\d': '\\p{Nd}',
  '\\D': '\\P{Nd}',
  '\\-': '-',
  '\\b': `(?:(?<=${IN_WORD})(?!${IN_WORD})|(?<!${IN_WORD})(?=${IN_WORD}))`,
  '\\B': `(?:(?<=${IN_WORD})(?=${IN_WORD})|(?<!${IN_WORD})(?!${IN_WORD}))`,
};
const ESCAPES_IN_CLASSES: Readonly<Record<string, string>> = { '\\w': WORD, '\\d': '\\p{Nd}', '\\D': '\\P{Nd}' };

/** Letters that mean something behind a backslash: .NET refuses all others. */
const KNOWN_ESCAPE = /^\\[^a-zA-Z]|^\\[aAbBcdDefkGnpPrsStuvwWxzZ]/;

/** .NET knows flags at the start of a pattern, words in all scripts, other names for its ends, and comments. */
function inJavaScript(pattern: string): { source: string; flags: string } {
  const [start = '', flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const escapes = { ...ESCAPES, $: flags.includes('m') ? '$' : AT_THE_END };
  const source = pattern.slice(start.length).replace(PARTS, (part) => {
    if (part.startsWith('(?#')) return '';
    if (part.startsWith('[')) return part.replace(/\\[^]/g, (escape) => translated(escape, ESCAPES_IN_CLASSES));
    return translated(part, escapes);
  });
  return { source, flags: /\\[pP]\{/.test(source) ? `${flags}u` : flags };
}

/** Comments, escapes, classes and ends. */
const PARTS = /\(\?#[^)]*\)|\\[^]|\[(?:\\[^]|[^\]\\])*\]|\$/g;

function translated(part: string, meanings: Readonly<Record<string, string>>): string {
  if (part.startsWith('\\') && !KNOWN_ESCAPE.test(part)) throw handlerFailed();
  // JavaScript knows no escape of a sign that needs none where it knows all scripts.
  return meanings[part] ?? (/^\\[^\w\s^$.*+?()[\]{}|/\\-]$/u.test(part) ? part.slice(1) : part);
}

/** The options as protobuf's JSON shows them. */
function shown({ window, checkpointMultiplier }: FilterOptions): string {
  const fields: string[] = [];
  if (window !== undefined) fields.push(window === 'count' ? '"count": { }' : `"max": ${window}`);
  if (checkpointMultiplier !== 0) fields.push(`"checkpointIntervalMultiplier": ${checkpointMultiplier}`);
  return fields.length === 0 ? '{ }' : `{ ${fields.join(', ')} }`;
}
