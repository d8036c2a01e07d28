import { frameOf, MessageReader, type MessageWriter, tagOf } from '#protobuf';
import { writeStructuredId, writeTextId } from './uuid.js';

/**
 * An event is encoded once, when it is appended: as the whole gRPC message of a read that gives it back.
 * Those bytes are what the log keeps, and what every reader of the event is sent.
 */
export interface EventToRecord {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  /** Ticks of 100 ns since 1970. */
  readonly created: bigint;
  readonly type: string;
  readonly json: boolean;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

export function encodeEventFrame(event: EventToRecord): Buffer {
  return frameOf((to) => {
    to.message(1, () => {
      to.message(1, () => {
        writeRecordedEvent(to, event);
      });
      to.uint(3, event.position);
    });
  });
}

function writeRecordedEvent(to: MessageWriter, event: EventToRecord): void {
  writeTextId(to, 1, event.id);
  to.message(2, () => {
    to.text(3, event.stream);
  });
  to.uintUnlessZero(3, event.revision);
  to.uintUnlessZero(4, event.position);
  to.uintUnlessZero(5, event.position);
  writeEntry(to, 'type', event.type);
  writeEntry(to, 'created', event.created.toString());
  writeEntry(to, 'content-type', event.json ? 'application/json' : 'application/octet-stream');
  if (event.metadata.length > 0) to.bytes(7, event.metadata);
  if (event.data.length > 0) to.bytes(8, event.data);
}

function writeEntry(to: MessageWriter, key: string, value: string): void {
  to.message(6, () => {
    to.text(1, key);
    to.text(2, value);
  });
}

/** What the node itself must know of a stored event. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly created: bigint;
  readonly type: string;
  readonly json: boolean;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

const NONE = Buffer.alloc(0);

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function decodeEventFrame(frame: Buffer): StoredEvent {
  const reader = new MessageReader(recordedEvent(frame));
  const event: Writable<StoredEvent> = {
    id: '',
    stream: '',
    revision: 0n,
    position: 0n,
    created: 0n,
    type: '',
    json: false,
    metadata: NONE,
    data: NONE,
  };
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) event.id = lastText(reader.message(), 2);
    else if (tag === tagOf(2, 2)) event.stream = lastText(reader.message(), 3);
    else if (tag === tagOf(3, 0)) event.revision = reader.uint64();
    else if (tag === tagOf(5, 0)) event.position = reader.uint64();
    else if (tag === tagOf(6, 2)) {
      const [key, value] = readEntry(reader.message());
      if (key === 'type') event.type = value;
      else if (key === 'created') event.created = BigInt(value);
      else event.json = value === 'application/json';
    } else if (tag === tagOf(7, 2)) event.metadata = reader.bytes();
    else if (tag === tagOf(8, 2)) event.data = reader.bytes();
    else reader.skip(tag);
  }
  return event;
}

/** A key and its value in a map field. */
export function readEntry(reader: MessageReader): [string, string] {
  let key = '';
  let value = '';
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) key = reader.text();
    else if (tag === tagOf(2, 2)) value = reader.text();
    else reader.skip(tag);
  }
  return [key, value];
}

/** How a reader asked to see events. */
export interface EventView {
  readonly structuredIds: boolean;
}

/** The stored frame, or one made from it for readers that want ids in halves. */
export function viewOf(frame: Buffer, view: EventView): Buffer {
  if (!view.structuredIds) return frame;
  return frameOf((to) => {
    to.message(1, () => {
      writeStored(to, 1, frame, view);
      to.uint(3, decodeEventFrame(frame).position);
    });
  });
}

/** The frame of a link with the event it points to, as far as that can be read. */
export function resolvedFrame(link: Buffer, target: Buffer | undefined, view: EventView): Buffer {
  return frameOf((to) => {
    to.message(1, () => {
      if (target) writeStored(to, 1, target, view);
      writeStored(to, 2, link, view);
      to.uint(3, decodeEventFrame(link).position);
    });
  });
}

function writeStored(to: MessageWriter, field: number, frame: Buffer, view: EventView): void {
  const event = recordedEvent(frame);
  if (!view.structuredIds) {
    to.bytes(field, event);
    return;
  }
  to.message(field, () => {
    writeStructuredId(to, 1, lastText(idMessage(event), 2));
    to.raw(event.subarray(ID_FIELD_LENGTH));
  });
}

/** The id comes first in a recorded event and is always 36 characters long. */
const ID_FIELD_LENGTH = 40;

const idMessage = (event: Buffer): MessageReader => new MessageReader(event, 2, ID_FIELD_LENGTH);

function recordedEvent(frame: Buffer): Buffer {
  const response = new MessageReader(frame, 5);
  response.tag();
  const readEvent = response.message();
  readEvent.tag();
  return readEvent.bytes();
}

function lastText(reader: MessageReader, field: number): string {
  let text = '';
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(field, 2)) text = reader.text();
    else reader.skip(tag);
  }
  return text;
}
