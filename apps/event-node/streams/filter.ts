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
  const { source, flags } = inlineFlags(pattern);
  let regex: RegExp;
  try {
    regex = new RegExp(source, flags);
  } catch {
    throw handlerFailed();
  }
  return (text) => regex.test(text);
}

const AT_THE_END = '(?=\\n?(?![^]))';
const ENDS: Readonly<Record<string, string>> = {
  '\\A': '(?<![^])',
  '\\z': '(?![^])',
  '\\Z': AT_THE_END,
  $: AT_THE_END,
};

/** .NET knows flags at the start of a pattern, other names for its ends, and an end before the last line break. */
function inlineFlags(pattern: string): { source: string; flags: string } {
  const [start = '', flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const ends = flags.includes('m') ? { ...ENDS, $: '$' } : ENDS;
  const source = pattern.slice(start.length).replace(PARTS, (part) => ends[part] ?? part);
  return { source, flags: /\\[pP]\{/.test(source) ? `${flags}u` : flags };
}

/** Escapes, classes and ends. */
const PARTS = /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\$/g;

/** The options as protobuf's JSON shows them. */
function shown({ window, checkpointMultiplier }: FilterOptions): string {
  const fields = [
    window === 'count' ? '"count": { }' : `"max": ${window ?? 0}`,
    ...(checkpointMultiplier === 0 ? [] : [`"checkpointIntervalMultiplier": ${checkpointMultiplier}`]),
  ];
  return `{ ${fields.join(', ')} }`;
}
