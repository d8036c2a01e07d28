import type { EventStore } from '#event-store';
import { messageOf } from '#protobuf';
import { messagesIn } from '../../../libs/event-store/eventstoredb/carrier.js';

const FRAME = 5;

// Field numbers of streams.proto and shared.proto.
const RESPONSE = { success: 3 } as const;
const SUCCESS = { revision: 1, position: 3 } as const;
const POSITION = { commit: 1, prepare: 2 } as const;

/** Where what is sent goes to nobody. */
export interface Nowhere {
  /** Answers one append as before, and nobody hears it: what the server's part costs here. */
  again(): void;
}

/**
 * Cuts an event store that has appended something off from its connection: whatever it sends is answered at once, and
 * nothing is read. What a command then costs is our own code: all of the adapter too, to the last byte that it hands to
 * the client's HTTP/2 stream and from the first that comes back. Only the client and the server are missing. (Taking the
 * client's cost from that of a whole command would take too much: the adapter no longer uses most of it.)
 */
export async function cutOff(store: EventStore): Promise<Nowhere> {
  const lease = Reflect.get(inside(store, 'connection'), 'lease') as () => Promise<object>;
  const stream = inside(inside(await lease.call(inside(store, 'connection')), 'appends'), 'stream');
  const take = Reflect.get(stream, 'take') as (message: Buffer) => void;
  let end = 0;
  let seen: Buffer = Buffer.alloc(0);
  const answers = function* (frames: Buffer): Iterable<Buffer> {
    for (const message of messagesIn(frames)) yield Buffer.concat([idOf(message), written(++end)]);
  };
  const write = (frames: Buffer): void => {
    seen = frames.subarray(0, FRAME + frames.readUInt32BE(1));
    for (const answer of answers(frames)) take(answer);
  };
  Reflect.set(stream, 'carrier', { write });
  Reflect.set(store, 'readStream', nothing);
  return {
    again: () => {
      for (const _ of answers(seen));
    },
  };
}

/** The correlation id comes first, in a request as in its answer. */
const idOf = (message: Buffer): Buffer => message.subarray(0, 2 + (message[1] ?? 0));

const written = (place: number): Buffer =>
  messageOf((to) => {
    to.message(RESPONSE.success, () => {
      to.uint(SUCCESS.revision, place);
      to.message(SUCCESS.position, () => {
        to.uint(POSITION.commit, place);
        to.uint(POSITION.prepare, place);
      });
    });
  });

async function* nothing(): AsyncIterable<never> {
  // Nobody else ever writes.
}

function inside(whole: object, name: string): object {
  const part: unknown = Reflect.get(whole, name);
  if (typeof part === 'object' && part !== null) return part;
  throw new Error(`the event store has no ${name} inside: the bench of commands has to follow it`);
}
