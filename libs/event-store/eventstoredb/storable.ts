import { validate } from 'uuid';
import type { NewEvent } from '../event-store.js';
import { AppendTooLarge, UnstorableEvent } from '../failures.js';

/** What the server takes in one append; it counts the bytes of data, and we keep metadata to the same. */
export const LARGEST_APPEND = 1024 ** 2;
const DEEPEST = 64;
/** JSON writes a control character as six bytes. */
const MOST_BYTES_A_CHARACTER = 6;
/** No number and no word of JSON is longer. */
const LONGEST_SCALAR = 25;

/**
 * What JSON would change or choke on, and what the server would not take, is never sent.
 * @throws UnstorableEvent, AppendTooLarge
 */
export function checkStorable(stream: string, events: readonly NewEvent[]): void {
  if (stream === '' || stream.startsWith('$')) throw new RangeError(`"${stream}" is no name for a stream of ours`);
  if (events.length === 0) throw new RangeError(`an append to ${stream} has no events`);
  let characters = 0;
  for (const event of events) characters += checkEvent(stream, event);
  // Almost all appends are so small that their exact size, which takes as long as sending them, does not matter.
  if (characters * MOST_BYTES_A_CHARACTER > LARGEST_APPEND) {
    checkSize(stream, 'data', events);
    checkSize(stream, 'metadata', events);
  }
}

/** @returns a number of characters that its JSON does not exceed, as long as each escape counts as one */
function checkEvent(stream: string, { id, type, data, metadata }: NewEvent): number {
  const refuse = (path: string, problem: string): never => {
    throw new UnstorableEvent(stream, type, path, problem);
  };
  if (!validate(id)) refuse('id', 'is no UUID');
  if (type === '' || type.startsWith('$')) refuse('type', 'must have a name, and not one that begins with $');
  if (!isPlain(data)) refuse('data', 'must be an object');
  if (!isPlain(metadata)) refuse('metadata', 'must be an object');
  return checkFields(data, 'data', refuse, 0) + checkFields(metadata, 'metadata', refuse, 0);
}

type Refuse = (path: string, problem: string) => never;

/** JSON would change or lose these without a word, or throw. An absent field may be written as undefined. */
function checkValue(value: unknown, within: string, name: string | number, refuse: Refuse, depth: number): number {
  if (depth > DEEPEST) refuse(`${within}.${name}`, 'lies too deep, or in a circle');
  if (typeof value === 'string') return value.length + 2;
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return LONGEST_SCALAR;
  // Few values have parts, and fewer are refused: only for them it is spelt out where they lie.
  const path = `${within}.${name}`;
  if (Array.isArray(value)) {
    let characters = 2;
    for (let index = 0; index < value.length; index++)
      characters += checkValue(value[index], path, index, refuse, depth + 1) + 1;
    return characters;
  }
  if (isPlain(value)) return checkFields(value, path, refuse, depth);
  return refuse(path, `is ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'object' && value !== null ? `a ${value.constructor.name}` : `of type ${typeof value}`;
}

function checkFields(record: Plain, path: string, refuse: Refuse, depth: number): number {
  let characters = 2;
  for (const name in record) {
    const part = record[name];
    if (part !== undefined) characters += name.length + 4 + checkValue(part, path, name, refuse, depth + 1);
  }
  return characters;
}

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function checkSize(stream: string, part: 'data' | 'metadata', events: readonly NewEvent[]): void {
  const bytes = events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event[part])), 0);
  if (bytes > LARGEST_APPEND) throw new AppendTooLarge(stream, bytes, LARGEST_APPEND, part);
}
