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
  if (window === undefined) throw new CallError(Code.INVALID_ARGUMENT, `'None' is not a valid ${TYPE}+WindowOneofCase`);
  if (on === undefined) throw new CallError(Code.INVALID_ARGUMENT, `'${shown(options)}' is not a valid ${TYPE}`);
  const matches = regex === '' ? startsWithOneOf(prefixes) : matcher(regex);
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

/** .NET knows flags at the start of a pattern and other names for its ends. */
function inlineFlags(pattern: string): { source: string; flags: string } {
  const match = /^\(\?([ims]+)\)/.exec(pattern);
  const source = pattern.slice(match?.[0].length ?? 0).replace(/\\([AzZ])/g, (_, end) => (end === 'A' ? '^' : '$'));
  return { source, flags: match?.[1] ?? '' };
}

/** The options as protobuf's JSON shows them. */
function shown({ window, checkpointMultiplier }: FilterOptions): string {
  const fields = [
    window === 'count' ? '"count": { }' : `"max": ${window ?? 0}`,
    ...(checkpointMultiplier === 0 ? [] : [`"checkpointIntervalMultiplier": ${checkpointMultiplier}`]),
  ];
  return `{ ${fields.join(', ')} }`;
}
