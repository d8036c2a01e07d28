import { CallError, Code } from '../grpc/status.js';
import type { LogEvent } from '../log/log-event.js';
import type { FilterOptions } from '../protocol/read-request.js';
import { regexOfDotNet } from './dotnet-regex.js';

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
  const regex = regexOfDotNet(pattern);
  return (text) => regex.test(text);
}

/** The options as protobuf's JSON shows them. */
function shown({ window, checkpointMultiplier }: FilterOptions): string {
  const fields: string[] = [];
  if (window !== undefined) fields.push(window === 'count' ? '"count": { }' : `"max": ${window}`);
  if (checkpointMultiplier !== 0) fields.push(`"checkpointIntervalMultiplier": ${checkpointMultiplier}`);
  return fields.length === 0 ? '{ }' : `{ ${fields.join(', ')} }`;
}
