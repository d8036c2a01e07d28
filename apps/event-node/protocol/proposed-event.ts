import { type MessageReader, tagOf } from '#protobuf';
import type { ProposedEvent } from '../log/append-request.js';
import { readEntry } from './event-frame.js';
import { readUuid, ZERO_ID } from './uuid.js';

/** One append may bring this many bytes of data; metadata, types and names are not counted. */
export const LARGEST_APPEND = 1_048_576;

const NONE: Buffer = Buffer.alloc(0);

/** A proposed message as it came: what is missing or wrong is found when it is made an event. */
export interface RawProposal {
  readonly id: Buffer | undefined;
  readonly type: string | undefined;
  readonly contentType: string | undefined;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

export function readProposal(reader: MessageReader): RawProposal {
  let id: Buffer | undefined;
  let type: string | undefined;
  let contentType: string | undefined;
  let metadata: Buffer = NONE;
  let data: Buffer = NONE;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) id = reader.bytes();
    else if (tag === tagOf(2, 2)) {
      const [key, value] = readEntry(reader.message());
      if (key === 'type') type = value;
      else if (key === 'content-type') contentType = value;
    } else if (tag === tagOf(3, 2)) metadata = reader.bytes();
    else if (tag === tagOf(4, 2)) data = reader.bytes();
    else reader.skip(tag);
  }
  return { id, type, contentType, metadata, data };
}

export function eventOf(
  proposal: RawProposal,
  type: string,
  contentType: string,
  id = readUuid(proposal.id),
): ProposedEvent {
  if (id === ZERO_ID) throw new Error("Empty eventId provided. (Parameter 'eventId')");
  if (type === '') throw new Error("Empty eventType provided. (Parameter 'eventType')");
  return { id, type, json: contentType === 'application/json', metadata: proposal.metadata, data: proposal.data };
}

/** The name in a StreamIdentifier message. */
export function readStreamName(reader: MessageReader): string {
  let name = '';
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(3, 2)) name = reader.text();
    else reader.skip(tag);
  }
  return name;
}
