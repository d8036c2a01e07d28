import { randomUUID } from 'node:crypto';
import { type EventStoreDBClient, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';
import { exampleEvent } from './example-event.js';

/** In milliseconds: long enough that one stall of the machine does not decide, short enough that a server and its reference meet the same pace. */
const APPENDING = 2_000;
const READING = 1_000;

const example = exampleEvent();
const newEvent = () =>
  jsonEvent({ id: randomUUID(), type: example.type, data: example.data, metadata: example.metadata });

/** Appends made a second, and how long each of them took. */
export interface Appended {
  readonly perSecond: number;
  readonly milliseconds: readonly number[];
}

/** So many writers, each on a stream of its own and at its exact revision, append for a while. */
export async function appends(client: EventStoreDBClient, writers: number, perAppend = 1): Promise<Appended> {
  const milliseconds: number[] = [];
  const start = performance.now();
  const end = start + APPENDING;
  const write = async (): Promise<void> => {
    const stream = `bench-${randomUUID()}`;
    let expectedRevision: bigint | typeof NO_STREAM = NO_STREAM;
    let revision = -1n;
    for (let began = performance.now(); began < end;) {
      await client.appendToStream(stream, Array.from({ length: perAppend }, newEvent), { expectedRevision });
      revision += BigInt(perAppend);
      expectedRevision = revision;
      const now = performance.now();
      milliseconds.push(now - began);
      began = now;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return { perSecond: perSecond(milliseconds.length, start), milliseconds };
}

/** Events per second of a read of the log from its start. */
export async function readAll(client: EventStoreDBClient, count: number): Promise<number> {
  const start = performance.now();
  let seen = 0;
  for await (const _ of client.readAll({ fromPosition: START, maxCount: count })) seen++;
  return perSecond(seen, start);
}

/** Events per second of a subscription that begins at the start of the log. */
export async function catchUp(client: EventStoreDBClient, count: number): Promise<number> {
  const start = performance.now();
  const subscription = client.subscribeToAll({ fromPosition: START });
  let seen = 0;
  for await (const _ of subscription) if (++seen === count) break;
  const figure = perSecond(seen, start);
  await subscription.unsubscribe();
  return figure;
}

/** The mean of a figure that is taken again and again for a while; the first time brings into memory what is read, and does not count. */
export async function forAWhile(figure: () => Promise<number>): Promise<number> {
  await figure();
  const figures: number[] = [];
  for (const end = performance.now() + READING; performance.now() < end;) figures.push(await figure());
  return figures.reduce((sum, next) => sum + next, 0) / figures.length;
}

/** Streams loaded per second, one after the other, each from its start to its end. */
export async function loads(client: EventStoreDBClient, streams: readonly string[], length: number): Promise<number> {
  const start = performance.now();
  for (const stream of streams) {
    let seen = 0;
    for await (const _ of client.readStream(stream, { maxCount: length })) seen++;
    if (seen !== length) throw new Error(`${stream} has ${seen} events instead of ${length}`);
  }
  return perSecond(streams.length, start);
}

/** Writes streams of a length, to be read later. */
export async function seed(client: EventStoreDBClient, streams: readonly string[], length: number): Promise<void> {
  const waiting = streams.values();
  const write = async (): Promise<void> => {
    for (const stream of waiting)
      await client.appendToStream(stream, Array.from({ length }, newEvent), { expectedRevision: NO_STREAM });
  };
  await Promise.all(Array.from({ length: 32 }, write));
}

const perSecond = (count: number, since: number): number => (count * 1_000) / (performance.now() - since);
