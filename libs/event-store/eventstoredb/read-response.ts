import { MessageReader } from '#protobuf';
import type { StoreDelivery } from '../event-store.js';
import { readPosition } from './wire-position.js';

/** What a server says to a read or on a subscription: that it will deliver, a delivery, or something that is no news to us. */
export type ReadResponse = StoreDelivery | 'confirmed' | 'nothing';

/** The types of events to be decoded; of others only their place is told. All of them when absent. */
export type WantedTypes = ReadonlySet<string> | undefined;

// The tags of streams.proto: field number × 8 + wire type.
const RESPONSE = { event: 10, confirmation: 18, checkpoint: 26, caughtUp: 66 } as const;
const READ_EVENT = { event: 10 } as const;
const RECORDED = {
  id: 10,
  stream: 18,
  revision: 24,
  prepare: 32,
  commit: 40,
  systemMetadata: 50,
  metadata: 58,
  data: 66,
} as const;
const UUID = { string: 18 } as const;
const STREAM = { name: 26 } as const;
const ENTRY = { key: 10, value: 18 } as const;

/** Decodes one message of a subscription that asked for ids as text. */
export function readResponse(bytes: Buffer, wanted: WantedTypes): ReadResponse {
  const reader = new MessageReader(bytes);
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case RESPONSE.event:
        return resolvedEvent(reader.message(), wanted);
      case RESPONSE.checkpoint:
        return { checkpoint: readPosition(reader.message()) };
      case RESPONSE.caughtUp:
        return { caughtUp: true };
      case RESPONSE.confirmation:
        return 'confirmed';
      default:
        reader.skip(tag);
    }
  }
  return 'nothing';
}

/** A link whose target is gone has no event. */
function resolvedEvent(reader: MessageReader, wanted: WantedTypes): ReadResponse {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === READ_EVENT.event) return recordedEvent(reader.message(), wanted);
    reader.skip(tag);
  }
  return 'nothing';
}

/** The parts of an event as they lie on the wire: they are decoded once its type is known, which may come last. */
interface Parts {
  id?: MessageReader;
  stream?: MessageReader;
  metadata?: Buffer;
  data?: Buffer;
  revision: bigint;
  commit: bigint;
  prepare: bigint;
  type: string;
  isJson: boolean;
}

function recordedEvent(reader: MessageReader, wanted: WantedTypes): ReadResponse {
  const { id, stream, metadata, data, revision, commit, prepare, type, isJson } = partsOf(reader);
  const place = { commit, prepare };
  if (wanted !== undefined && !wanted.has(type)) return { passed: place };
  return {
    event: {
      id: id === undefined ? '' : textIn(id, UUID.string),
      type,
      stream: stream === undefined ? '' : textIn(stream, STREAM.name),
      revision,
      position: place,
      data: data !== undefined && isJson ? json(data) : data,
      metadata: metadata !== undefined ? json(metadata) : undefined,
    },
  };
}

function partsOf(reader: MessageReader): Parts {
  const parts: Parts = { revision: 0n, commit: 0n, prepare: 0n, type: '', isJson: false };
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case RECORDED.id:
        parts.id = reader.message();
        break;
      case RECORDED.stream:
        parts.stream = reader.message();
        break;
      case RECORDED.revision:
        parts.revision = reader.uint64();
        break;
      case RECORDED.prepare:
        parts.prepare = reader.uint64();
        break;
      case RECORDED.commit:
        parts.commit = reader.uint64();
        break;
      case RECORDED.systemMetadata:
        systemMetadata(reader.message(), parts);
        break;
      case RECORDED.metadata:
        parts.metadata = reader.bytes();
        break;
      case RECORDED.data:
        parts.data = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
  return parts;
}

/** One entry of the map in which the server tells type and format. */
function systemMetadata(reader: MessageReader, parts: Parts): void {
  let [key, value] = ['', ''];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ENTRY.key) key = reader.text();
    else if (tag === ENTRY.value) value = reader.text();
    else reader.skip(tag);
  }
  if (key === 'type') parts.type = value;
  else if (key === 'content-type') parts.isJson = value === 'application/json';
}

function textIn(reader: MessageReader, wanted: number): string {
  let text = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === wanted) text = reader.text();
    else reader.skip(tag);
  }
  return text;
}

/** What does not parse is left as it is, for the codec to say that it is malformed. */
function json(bytes: Buffer): unknown {
  const text = bytes.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
