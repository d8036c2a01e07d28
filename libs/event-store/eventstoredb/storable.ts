import type { EventData } from '@eventstore/db-client';
import { jsonEvent } from '@eventstore/db-client';
import { validate } from 'uuid';
import type { NewEvent } from '../event-store.js';
import { AppendTooLarge, UnstorableEvent } from '../failures.js';

/** What the server takes in one append; it counts the bytes of data, and we keep metadata to the same. */
export const LARGEST_APPEND = 1024 ** 2;
const DEEPEST = 64;

/**
 * The events as the client takes them. What it would choke on, it never sees: it throws where nobody catches, or its
 * promise never settles.
 * @throws UnstorableEvent, AppendTooLarge
 */
export function storable(stream: string, events: readonly NewEvent[]): EventData[] {
  if (stream === '' || stream.startsWith('$')) throw new RangeError(`"${stream}" is no name for a stream of ours`);
  if (events.length === 0) throw new RangeError(`an append to ${stream} has no events`);
  for (const event of events) checkEvent(stream, event);
  checkSize(stream, 'data', events);
  checkSize(stream, 'metadata', events);
  return events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
}

function checkEvent(stream: string, { id, type, data, metadata }: NewEvent): void {
  const refuse = (path: string, problem: string): never => {
    throw new UnstorableEvent(stream, type, path, problem);
  };
  if (!validate(id)) refuse('id', 'is no UUID');
  if (type === '' || type.startsWith('$')) refuse('type', 'must have a name, and not one that begins with $');
  for (const [path, value] of Object.entries({ data, metadata })) {
    if (!isPlain(value)) refuse(path, 'must be an object');
    checkValue(value, path, refuse);
  }
}

type Refuse = (path: string, problem: string) => never;

/** JSON would change or lose these without a word, or throw. An absent field may be written as undefined. */
function checkValue(value: unknown, path: string, refuse: Refuse, depth = 0): void {
  if (depth > DEEPEST) refuse(path, 'lies too deep, or in a circle');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse(path, `is ${value}`);
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) checkValue(value[index], `${path}.${index}`, refuse, depth + 1);
  } else if (isPlain(value)) {
    for (const [name, part] of Object.entries(value))
      if (part !== undefined) checkValue(part, `${path}.${name}`, refuse, depth + 1);
  } else refuse(path, `is ${typeof value === 'object' ? `a ${value.constructor.name}` : `of type ${typeof value}`}`);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function checkSize(stream: string, part: 'data' | 'metadata', events: readonly NewEvent[]): void {
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event[part])), 0);
  if (bytes > LARGEST_APPEND) throw new AppendTooLarge(stream, bytes, LARGEST_APPEND, part);
}
