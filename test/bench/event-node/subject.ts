import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { type Appended, seed } from './loads.js';
import type { Watch } from './watch.js';

const newStream = (): string => `bench-${randomUUID()}`;

/** A server under measurement, and the client that measures it. */
export class Subject {
  readonly client: EventStoreDBClient;
  private readonly streams: ReadonlyMap<number, string[]> | undefined;
  private readonly watch: Watch | undefined;

  constructor(url: string, { streams, watch }: { streams?: ReadonlyMap<number, string[]>; watch?: Watch } = {}) {
    this.client = EventStoreDBClient.connectionString(url);
    this.streams = streams;
    this.watch = watch;
  }

  /** Writes the streams that all rounds will load, by their length. */
  static async seed(
    url: string,
    kinds: readonly { readonly length: number; readonly perRound: number }[],
    rounds: number,
  ): Promise<ReadonlyMap<number, string[]>> {
    const { client } = new Subject(url);
    const streams = new Map<number, string[]>();
    for (const { length, perRound } of kinds) {
      const names = Array.from({ length: perRound * rounds }, newStream);
      streams.set(length, names);
      await seed(client, names, length);
    }
    await client.dispose();
    return streams;
  }

  /** Names of streams that were never loaded before; the null server finds any. */
  newStreams(length: number, count: number): readonly string[] {
    return this.streams?.get(length)?.splice(0, count) ?? Array.from({ length: count }, newStream);
  }

  readonly watched = async (writers: number, work: () => Promise<Appended>): Promise<number> => {
    const { perSecond } = await (this.watch?.during(writers, work) ?? work());
    return perSecond;
  };

  async close(): Promise<void> {
    await this.client.dispose();
  }
}
