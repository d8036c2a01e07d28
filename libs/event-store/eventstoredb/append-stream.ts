import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { MessageWriter } from '#protobuf';
import type { Written } from './append-reply.js';
import { readReply } from './append-reply.js';
import type { Append } from './append-request.js';
import { writeAppend } from './append-request.js';
import { type Carrier, carrierOf, messagesIn } from './carrier.js';
import { openCall } from './client-calls.js';
import { changed } from './client-guard.js';
import { failureOf, failureOfRefusal, inWordsOfTheClient } from './outcome.js';

const BATCH_APPEND = '/event_store.client.streams.Streams/BatchAppend';

interface Waiting {
  readonly append: Append;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One call on which many appends are under way at once, each found again by its number. When it ends, in whatever way,
 * the outcome of all that wait is unknown. Messages are encoded and decoded without google-protobuf, and all of one tick
 * leave together.
 */
export class AppendStream {
  private readonly waiting = new Map<number, Waiting>();
  private readonly outgoing = new MessageWriter();
  private count = 0;
  private isLeaving = false;
  private carrier: Carrier | undefined;
  private end: Error | undefined;

  private constructor(private readonly call: ClientDuplexStream<Buffer, Buffer>) {
    call.on('data', (message: Buffer) => {
      this.take(message);
      // It certainly is on its way now.
      this.carrier ??= carrierOf(call, this.take);
    });
    call.on('error', this.fail);
    // A server that ends it in good order would leave us writing, and waiting, for ever.
    call.on('end', () => call.destroy(new Error('the event store ended the stream of appends')));
  }

  /** Over the client's connection, to the leader. */
  static async open(client: EventStoreDBClient): Promise<AppendStream> {
    let opened: AppendStream | undefined;
    const asItIs = (bytes: Buffer) => bytes;
    await openCall(
      client,
      'appendToStream',
      (grpc, metadata, options) => {
        const call = grpc.makeBidiStreamRequest(BATCH_APPEND, asItIs, asItIs, metadata, options);
        opened = new AppendStream(call);
        return call;
      },
      { requiresLeader: true },
    );
    if (opened === undefined) throw changed('GRPCStreamCreator');
    return opened;
  }

  /** Whether nothing more can be appended here. */
  get isOver(): boolean {
    return this.end !== undefined;
  }

  /** @throws what is the matter, as the port knows it, or something that leaves the outcome unknown */
  append(append: Append): Promise<Written> {
    return new Promise((resolve, reject) => {
      if (this.end) throw failureOf(this.end, append.stream);
      const number = ++this.count;
      writeAppend(this.outgoing, number, append);
      this.waiting.set(number, { append, resolve, reject });
      if (this.isLeaving) return;
      this.isLeaving = true;
      // After all that this tick still brings: one answer often wakes many who append.
      process.nextTick(this.leave);
    });
  }

  private readonly leave = (): void => {
    this.isLeaving = false;
    const frames = this.outgoing.take();
    if (this.carrier) this.carrier.write(frames);
    else for (const message of messagesIn(frames)) this.call.write(message);
  };

  private readonly take = (message: Buffer): void => {
    try {
      const { number, outcome } = readReply(message);
      const waiting = this.waiting.get(number);
      this.waiting.delete(number);
      if ('revision' in outcome) waiting?.resolve(outcome);
      else waiting?.reject(failureOfRefusal(outcome, waiting.append));
    } catch {
      // It cannot be read, and whoever waits for it finds out by their deadline.
    }
  };

  private readonly fail = (error: Error): void => {
    this.end ??= inWordsOfTheClient(error);
    for (const { append, reject } of this.waiting.values()) reject(failureOf(this.end, append.stream));
    this.waiting.clear();
  };
}
