import { isObject, list, mapObject, number, object, text } from '../json.js';
import type { Symbols } from '../symbols.js';

const REFERENCE = /^@(p\d+|uuid\d+)([+-]\d+)?$/;

/** The arguments of a step with symbols replaced by what they stand for in this run; undefined when one is unknown. */
export function resolve(value: unknown, symbols: Symbols): unknown {
  if (typeof value === 'string') {
    const [, symbol, delta = '0'] = REFERENCE.exec(value) ?? [];
    if (symbol === undefined) return value;
    const known = symbols.valueOf(`@${symbol}`);
    if (known === undefined) throw new Error(`${value} has not come up`);
    return /^\d+$/.test(known) ? `${BigInt(known) + BigInt(delta)}n` : known;
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, symbols));
  return isObject(value) ? mapObject(value, (item) => resolve(item, symbols)) : value;
}

/** Revisions and positions, written `5n`, as numbers. */
export function withNumbers(value: unknown): unknown {
  if (typeof value === 'string' && /^-?\d+n$/.test(value)) return BigInt(value.slice(0, -1));
  return isObject(value) ? mapObject(value, withNumbers) : value;
}

/** Options in which one number stands for a position whose parts are equal. */
export function positionOptions(value: unknown): unknown {
  const { fromPosition, ...rest } = object(value);
  const at = withNumbers(fromPosition);
  if (at === undefined) return rest;
  return { ...rest, fromPosition: typeof at === 'bigint' ? { commit: at, prepare: at } : at };
}

/** One event for each of the number that `$many` stands for, or the one. */
export function expandMany(event: unknown): unknown[] {
  const { $many, from, ...template } = object(event);
  if ($many === undefined) return [event];
  const pattern = JSON.stringify(template);
  return Array.from({ length: number($many) }, (_, index): unknown => {
    const now = String(number(from, 1) + index);
    return JSON.parse(pattern.replaceAll('###', now.padStart(12, '0')).replaceAll('"#"', now));
  });
}

/** Short forms of texts and bytes in arguments. */
export function unpack(value: unknown): unknown {
  const { $text, ...bytes } = object(value);
  if ($text !== undefined) return text(list($text)[0]).repeat(number(list($text)[1]));
  if (['$bytes', '$utf8', '$base64'].some((form) => form in bytes)) return Buffer.from(toBytes(value));
  return value === '$undefined' ? undefined : value;
}

export function toBytes(value: unknown): Uint8Array {
  const { $bytes, $utf8, $base64 } = object(value);
  if ($bytes !== undefined) return new Uint8Array(number(list($bytes)[1])).fill(number(list($bytes)[0]));
  return new Uint8Array(typeof $utf8 === 'string' ? Buffer.from($utf8) : Buffer.from(text($base64), 'base64'));
}

/** Consecutive events of one stream and type, `stream 0 T`, `stream 1 T`, as one: `stream 0…1 T`. */
export function joinRuns(items: readonly unknown[]): unknown[] {
  const joined: (Run | { item: unknown })[] = [];
  for (const item of items) {
    const run = runOf(item);
    const last = joined.at(-1);
    if (
      run &&
      last &&
      'to' in last &&
      last.stream === run.stream &&
      last.type === run.type &&
      last.to + 1n === run.from
    ) {
      last.to = run.to;
    } else joined.push(run ?? { item });
  }
  return joined.map((one) => {
    if ('item' in one) return one.item;
    const line = `${one.stream} ${one.from === one.to ? one.from : `${one.from}…${one.to}`} ${one.type}`;
    return one.isWrapped ? { event: line } : line;
  });
}

interface Run {
  readonly stream: string;
  readonly from: bigint;
  to: bigint;
  readonly type: string;
  readonly isWrapped: boolean;
}

function runOf(item: unknown): Run | undefined {
  const { event } = object(item);
  const [, stream, revision, type] = /^(.+) (\d+) (\S+)$/.exec(text(event ?? item)) ?? [];
  if (stream === undefined || revision === undefined || type === undefined) return undefined;
  return { stream, from: BigInt(revision), to: BigInt(revision), type, isWrapped: event !== undefined };
}
