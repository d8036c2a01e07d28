import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  type Appended,
  ConcurrentWrite,
  EventStoreDB,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
} from '#event-store';
import { Chance } from '../../apps/cli/demo/chance.js';
import type { Attempt } from './attempts.js';
import { UnaryAppends } from './unary-appends.js';

const LONGEST_PAUSE_MS = 4;

type Append = (stream: string, expected: ExpectedRevision, events: readonly NewEvent[]) => Promise<Appended>;

interface Writer {
  readonly stream: string;
  readonly append: Append;
  /** Whether it asks again, with the same ids and revision, until it knows the outcome. */
  readonly isPatient: boolean;
  /** Whether nobody else writes to its stream. */
  readonly isAlone: boolean;
}

/** Writers of all kinds, at once; each append names the exact revision it found. */
export class Writers {
  readonly attempts: Attempt[] = [];
  readonly problems: string[] = [];
  readonly #patient: EventStore;
  readonly #hasty: EventStore;
  readonly #unary: UnaryAppends;
  readonly #writers: readonly Writer[];
  #isOver = false;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.#patient = new EventStoreDB(url, { patience: { call: 180_000, longestPause: 200 } });
    this.#hasty = new EventStoreDB(url, { patience: { call: 0 } });
    this.#unary = new UnaryAppends(url);
    const patient: Append = (...append) => this.#patient.append(...append);
    const hasty: Append = (...append) => this.#hasty.append(...append);
    const unary: Append = (...append) => this.#unary.append(...append);
    this.#writers = [
      ...['a', 'b', 'c'].map((name) => ({ stream: name, append: patient, isPatient: true, isAlone: true })),
      ...['d', 'e'].map((name) => ({ stream: name, append: unary, isPatient: true, isAlone: true })),
      ...['f', 'g'].map((name) => ({ stream: name, append: hasty, isPatient: false, isAlone: true })),
      ...[patient, patient, unary].map((append) => ({ stream: 'h', append, isPatient: true, isAlone: false })),
      ...[patient, hasty].map((append) => ({ stream: 'i', append, isPatient: append === patient, isAlone: false })),
    ];
  }

  begin(seed: number): void {
    this.#isOver = false;
    const write = (writer: Writer, index: number) =>
      this.#write(writer, new Chance(seed * 100 + index)).catch((error: unknown) => this.problems.push(String(error)));
    this.#writing = Promise.all(this.#writers.map(write));
  }

  /** Lets the appends under way come to an end. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
  }

  /** Also lets go of appends that nobody answers. */
  async close(): Promise<void> {
    this.#isOver = true;
    for (const one of [this.#patient, this.#hasty, this.#unary]) await one.close();
    await this.#writing;
  }

  async #write(writer: Writer, chance: Chance): Promise<void> {
    let expected = await this.#lastOf(writer.stream);
    while (this.#goesOn()) {
      const events = eventsBy(chance);
      const outcome = await this.#try(writer, expected, events);
      this.attempts.push({ stream: writer.stream, expected, events, outcome });
      expected = typeof outcome === 'object' ? outcome.revision : await this.#lastOf(writer.stream);
      await setTimeout(chance.between(0, LONGEST_PAUSE_MS));
    }
  }

  #goesOn = (): boolean => !this.#isOver;

  async #try(writer: Writer, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Attempt['outcome']> {
    const { stream, append, isPatient, isAlone } = writer;
    try {
      return await append(stream, expected, events);
    } catch (error) {
      const isRefused = error instanceof ConcurrentWrite;
      if (isRefused ? isAlone && isPatient : isPatient) this.problems.push(`${stream}@${expected}: ${String(error)}`);
      return isRefused ? 'refused' : 'unknown';
    }
  }

  /** Found out by whoever has the patience. */
  async #lastOf(stream: string): Promise<ExpectedRevision> {
    return (await this.#patient.lastOf(stream))?.revision ?? 'no_stream';
  }
}

/** One event, some, or many; now and then so large that their commit takes a while. */
function eventsBy(chance: Chance): readonly NewEvent[] {
  const count = chance.happens(60) ? 1 : chance.happens(80) ? chance.between(2, 10) : chance.between(20, 60);
  const text = 'x'.repeat(chance.happens(10) ? chance.between(1_000, 15_000) : chance.between(0, 200));
  return Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    type: 'Written',
    data: { index, text },
    metadata: {},
  }));
}
