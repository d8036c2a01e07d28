import { LRUCache } from 'lru-cache';
import type { CommandClasses, Decider, Event } from '#kernel';
import { evolve } from '#kernel';
import type { Codec } from './codec.js';
import type { Remembered } from './command-memory.js';
import { CommandMemory } from './command-memory.js';
import type { EventStore, ExpectedRevision, StoredEvent } from './event-store.js';
import { atHand, awaited, type LookingUp } from './looking-up.js';

/** A stream folded as far as it is known here. */
export interface Loaded<State> {
  readonly state: State;
  readonly revision: ExpectedRevision;
  /** Where the last event lies in the log. */
  readonly position: bigint | null;
  readonly memory: CommandMemory;
  /** Before which forgetting it was folded: what was forgotten since must not come back. */
  readonly epoch: number;
  /** The stream was at this revision then, or later; in milliseconds of the monotonic clock. */
  readonly seenAt: number;
}

/** What the append of one command has made of a stream. */
export interface Advance<State> {
  readonly state: State;
  readonly commandId: string;
  readonly answer: Remembered;
  readonly sentAt: number;
}

const PAGE = 500;

/** Folded streams with their revision, kept warm; the expected revision of the append guards against a stale one. */
export class AggregateStore {
  private readonly cache: LRUCache<string, Loaded<unknown>>;
  private readonly reading = new Map<string, Promise<Loaded<unknown>>>();
  private epoch = 0;

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
    private readonly options: { readonly cachedStreams: number; readonly rememberedCommands: number },
  ) {
    this.cache = new LRUCache({ max: options.cachedStreams });
  }

  /** The stream as last seen; undefined when it was never seen. */
  known<State, E extends Event, C extends CommandClasses, Facts>(
    _: Decider<State, E, C, Facts>,
    stream: string,
  ): Loaded<State> | undefined {
    // A stream's name begins with its decider's, so what lies under it is that decider's state.
    return this.cache.get(stream) as Loaded<State> | undefined;
  }

  /** The stream as it was at most so many milliseconds ago; those who ask meanwhile share one read. */
  loadRecent<State, E extends Event, C extends CommandClasses, Facts>(
    decider: Decider<State, E, C, Facts>,
    stream: string,
    maxAge: number,
  ): LookingUp<State> {
    const cached = this.known(decider, stream);
    if (cached && performance.now() - cached.seenAt <= maxAge) return atHand(cached.state);
    return this.reread(decider, stream);
  }

  private *reread<State, E extends Event, C extends CommandClasses, Facts>(
    decider: Decider<State, E, C, Facts>,
    stream: string,
  ): LookingUp<State> {
    // What is read of a stream is the state of the decider that it is named after.
    const shared = this.reading.get(stream) as Promise<Loaded<State>> | undefined;
    const read = shared ?? this.refresh(decider, stream).finally(() => this.reading.delete(stream));
    this.reading.set(stream, read);
    return (yield* awaited(read)).state;
  }

  /** The stream as it is now: only what is new is read. */
  async refresh<State, E extends Event, C extends CommandClasses, Facts>(
    decider: Decider<State, E, C, Facts>,
    stream: string,
  ): Promise<Loaded<State>> {
    const seenAt = performance.now();
    const before = this.known(decider, stream) ?? this.neverSeen(decider.initial);
    let { state, revision, position } = before;
    for await (const page of pages(this.store.readStream(this.codec.prefix + stream, after(revision)))) {
      for (const event of await this.codec.decode(page)) {
        state = evolve(decider, state, event);
        before.memory.learn(event);
      }
      // Events that nobody knows any more are not folded, but they count.
      const last = page.at(-1);
      if (last) [revision, position] = [last.revision, last.position.commit];
    }
    return this.keep(stream, { ...before, state, revision, position, seenAt });
  }

  /** Takes in events that were just appended here, with the state that they make. */
  advance<State>(
    stream: string,
    { memory, epoch }: Loaded<State>,
    { state, commandId, answer, sentAt }: Advance<State>,
  ): void {
    memory.remember(commandId, answer);
    const { revision, position } = answer;
    this.keep(stream, { state, revision, position, memory, epoch, seenAt: sentAt });
  }

  /** Forgets what was folded of one stream, so that it is read again: its personal data may have been erased. */
  forget(stream: string): void {
    this.cache.delete(stream);
  }

  /** Forgets everything that was folded, also what is being folded now: its personal data may have been erased. */
  clear(): void {
    this.epoch++;
    this.reading.clear();
    this.cache.clear();
  }

  /** Who read less, or earlier, does not push out who knows more. */
  private keep<State>(stream: string, loaded: Loaded<State>): Loaded<State> {
    const cached = this.cache.peek(stream);
    if (loaded.epoch !== this.epoch) return loaded;
    if (cached === undefined || !isBehind(loaded, cached)) this.cache.set(stream, loaded);
    return loaded;
  }

  private neverSeen<State>(state: State): Loaded<State> {
    const memory = new CommandMemory(this.options.rememberedCommands);
    return { state, revision: 'no_stream', position: null, memory, epoch: this.epoch, seenAt: 0 };
  }
}

const after = (revision: ExpectedRevision): bigint => (revision === 'no_stream' ? 0n : revision + 1n);

function isBehind(one: Loaded<unknown>, other: Loaded<unknown>): boolean {
  const [mine, theirs] = [after(one.revision), after(other.revision)];
  return mine < theirs || (mine === theirs && one.seenAt < other.seenAt);
}

async function* pages(events: AsyncIterable<StoredEvent>): AsyncIterable<readonly StoredEvent[]> {
  let page: StoredEvent[] = [];
  for await (const event of events) {
    page.push(event);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
