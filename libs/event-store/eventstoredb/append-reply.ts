import type { Position } from '#kernel';
import { MessageReader } from '#protobuf';
import { readPosition } from './wire-position.js';

/** Where it came to lie; a server does not always say the place of a repeat. */
export interface Written {
  readonly revision: bigint;
  readonly position?: Position;
}

/** Why nothing was written, by the name of the server's message. */
export interface Refused {
  readonly problem: string;
  /** What the server says of it in words. */
  readonly message: string;
  /** At which revision the stream is, if it exists. */
  readonly current?: bigint;
  readonly largest?: number;
}

/** What the server answers to the append of this number. */
export interface BatchReply {
  readonly number: number;
  readonly outcome: Written | Refused;
}

// The tags of streams.proto, shared.proto and status.proto: field number × 8 + wire type.
const UUID = { structured: 10 } as const;
const STRUCTURED = { leastSignificant: 16 } as const;
const RESPONSE = { id: 10, error: 18, success: 26 } as const;
const SUCCESS = { revision: 8, position: 26 } as const;
const STATUS = { message: 18, details: 26 } as const;
const ANY = { type: 10, value: 18 } as const;
const WRONG_REVISION = { current: 8 } as const;
const TOO_LARGE = { largest: 8 } as const;
const BAD_REQUEST = { message: 10 } as const;

/** Decodes one answer. Malformed bytes throw. */
export function readReply(bytes: Buffer): BatchReply {
  const reader = new MessageReader(bytes);
  let number = 0;
  let outcome: Written | Refused = { problem: 'nothing', message: 'no outcome' };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === RESPONSE.id) number = numberIn(reader.message());
    else if (tag === RESPONSE.success) outcome = written(reader.message());
    else if (tag === RESPONSE.error) outcome = refused(reader.message());
    else reader.skip(tag);
  }
  return { number, outcome };
}

/** The number in a correlation id: it comes back as it was sent. */
function numberIn(reader: MessageReader): number {
  let number = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === UUID.structured) number = Number(fieldIn(reader.message(), STRUCTURED.leastSignificant) ?? 0n);
    else reader.skip(tag);
  }
  return number;
}

function written(reader: MessageReader): Written {
  let [revision, position]: [bigint, Position | undefined] = [0n, undefined];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === SUCCESS.revision) revision = reader.uint64();
    else if (tag === SUCCESS.position) position = readPosition(reader.message());
    else reader.skip(tag);
  }
  return position === undefined ? { revision } : { revision, position };
}

function refused(reader: MessageReader): Refused {
  let [message, details]: [string, Details] = ['', { problem: '' }];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === STATUS.message) message = reader.text();
    else if (tag === STATUS.details) details = detailsIn(reader.message());
    else reader.skip(tag);
  }
  return { message, ...details };
}

type Details = Omit<Refused, 'message'> & Partial<Pick<Refused, 'message'>>;

function detailsIn(reader: MessageReader): Details {
  let [type, value] = ['', new MessageReader(Buffer.alloc(0))];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ANY.type) type = reader.text();
    else if (tag === ANY.value) value = reader.message();
    else reader.skip(tag);
  }
  const problem = type.slice(type.lastIndexOf('.') + 1);
  if (problem === 'MaximumAppendSizeExceeded') return { problem, largest: Number(fieldIn(value, TOO_LARGE.largest)) };
  if (problem === 'BadRequest') return { problem, message: textIn(value, BAD_REQUEST.message) };
  const current = problem === 'WrongExpectedVersion' ? fieldIn(value, WRONG_REVISION.current) : undefined;
  return current === undefined ? { problem } : { problem, current };
}

/** The text under this tag; none where the message has none. */
function textIn(reader: MessageReader, wanted: number): string {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === wanted) return reader.text();
    reader.skip(tag);
  }
  return '';
}

/** The number under this tag, if the message has one. */
function fieldIn(reader: MessageReader, wanted: number): bigint | undefined {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === wanted) return reader.uint64();
    reader.skip(tag);
  }
  return undefined;
}
