import { messageOf, type MessageWriter } from '#protobuf';
import type { ExpectedRevision, NewEvent } from '../event-store.js';

/** What is to be appended to one stream, all or nothing. */
export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  /** The server is told to give up after so many milliseconds. */
  readonly deadline: number;
}

// The fields of streams.proto, shared.proto and status.proto.
const REQUEST = { id: 1, options: 2, event: 3, isFinal: 4 } as const;
const OPTIONS = { stream: 1, revision: 2, noStream: 3, until: 6, within: 7 } as const;
const EVENT = { id: 1, systemMetadata: 2, metadata: 3, data: 4 } as const;
const UUID = { structured: 1, text: 2 } as const;
const STRUCTURED = { mostSignificant: 1, leastSignificant: 2 } as const;
const STREAM = { name: 3 } as const;
const TIME = { seconds: 1, nanos: 2 } as const;
const ENTRY = { key: 1, value: 2 } as const;

/** A larger append travels in parts; a server takes 16 MiB at once. */
const LARGEST_PART = 1024 ** 2;

/** Numbers alone might be taken for those of another process in the logs of a server. */
const PROCESS = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);

const CONTENT_TYPE = messageOf((to) => {
  to.message(EVENT.systemMetadata, () => {
    to.text(ENTRY.key, 'content-type');
    to.text(ENTRY.value, 'application/json');
  });
});

/** Writes the framed messages that make up one append. It must have been checked: what JSON cannot carry throws here. */
export function writeAppend(to: MessageWriter, number: number, append: Append): void {
  const events = append.events.map(({ id, type, data, metadata }) => {
    return { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
  });
  for (let next = 0; next < events.length || next === 0;) {
    const isFirst = next === 0;
    to.frame(() => {
      writeId(to, number);
      if (isFirst) writeOptions(to, append);
      let length = 0;
      for (let event = events[next]; event !== undefined && length < LARGEST_PART; event = events[++next]) {
        writeEvent(to, event);
        length += event.data.length + event.metadata.length;
      }
      if (next === events.length) to.uint(REQUEST.isFinal, 1);
    });
  }
}

function writeId(to: MessageWriter, number: number): void {
  to.message(REQUEST.id, () => {
    to.message(UUID.structured, () => {
      to.uint(STRUCTURED.mostSignificant, PROCESS);
      to.uint(STRUCTURED.leastSignificant, number);
    });
  });
}

function writeOptions(to: MessageWriter, { stream, expected, deadline }: Append): void {
  to.message(REQUEST.options, () => {
    to.message(OPTIONS.stream, () => {
      to.text(STREAM.name, stream);
    });
    if (expected === 'no_stream') to.empty(OPTIONS.noStream);
    else to.uint(OPTIONS.revision, expected);
    // The older form, for servers that know no other, and the newer one, which goes by no clock and replaces it.
    to.message(OPTIONS.until, () => {
      writeTime(to, Date.now() + deadline);
    });
    to.message(OPTIONS.within, () => {
      writeTime(to, deadline);
    });
  });
}

function writeTime(to: MessageWriter, milliseconds: number): void {
  to.uint(TIME.seconds, Math.floor(milliseconds / 1_000));
  to.uint(TIME.nanos, Math.floor(milliseconds % 1_000) * 1_000_000);
}

function writeEvent(
  to: MessageWriter,
  { id, type, data, metadata }: Readonly<Record<'id' | 'type' | 'data' | 'metadata', string>>,
): void {
  to.message(REQUEST.event, () => {
    to.message(EVENT.id, () => {
      to.text(UUID.text, id);
    });
    to.message(EVENT.systemMetadata, () => {
      to.text(ENTRY.key, 'type');
      to.text(ENTRY.value, type);
    });
    to.raw(CONTENT_TYPE);
    to.text(EVENT.metadata, metadata);
    to.text(EVENT.data, data);
  });
}
