import { LRUCache } from 'lru-cache';
import type { CommandClasses, Decider, Event, RecordedEvent } from '#kernel';
import { evolve } from '#kernel';
import type { Codec } from './codec.js';
import { CommandMemory } from './command-memory.js';
import type { EventStore, ExpectedRevision, StoredEvent } from './event-store.js';

/** A stream folded as far as it is known here. */
export interface Loaded<State> {
  readonly state: State;
  readonly revision: ExpectedRevision;
  /** Where the last event lies in the log. */
  readonly position: bigint | null;
  readonly memory: CommandMemory;
  /** When it was last compared with the store, in milliseconds of the monotonic clock. */
  readonly seenAt: number;
}

const PAGE = 500;

/** Folded streams with their revision, kept warm; the expected revision of the append guards against a stale one. */
export class AggregateStore {
  private readonly cache: LRUCache<string, Loaded<unknown>>;

  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
    private readonly options: { readonly cachedStreams: number; readonly rememberedCommands: number },
  ) {
    this.cache = new LRUCache({ max: options.cachedStreams });
  }

  /** The stream as last seen; read from the store when it was never seen. */
  async load<State, E extends Event, C extends CommandClasses, Facts>(
    decider: Decider<State, E, C, Facts>,
    stream: string,
  ): Promise<Loaded<State>> {
    return this.cached(decider, stream) ?? (await this.refresh(decider, stream));
  }

  /** The stream as it is now: only what is new is read. */
  async refresh<State, E extends Event, C extends CommandClasses, Facts>(
    decider: Decider<State, E, C, Facts>,
    stream: string,
  ): Promise<Loaded<State>> {
    let loaded = this.cached(decider, stream) ?? this.unknown(decider.initial);
    const from = loaded.revision === 'no_stream' ? 0n : loaded.revision + 1n;
    for await (const page of pages(this.store.readStream(this.codec.prefix + stream, from))) {
      // Events that nobody knows any more are not folded, but they count.
      loaded = upTo(page.at(-1), learn(decider, loaded, await this.codec.decode(page)));
    }
    return this.keep(stream, { ...loaded, seenAt: performance.now() });
  }

  /** Takes in events that were just appended here. */
  advance<State, E extends Event, C extends CommandClasses, Facts>(
    decider: Decider<State, E, C, Facts>,
    stream: string,
    loaded: Loaded<State>,
    events: readonly RecordedEvent[],
  ): Loaded<State> {
    return this.keep(stream, learn(decider, loaded, events));
  }

  /** Forgets what was folded of one stream, so that it is read again: its personal data may have been erased. */
  forget(stream: string): void {
    this.cache.delete(stream);
  }

  /** Forgets everything that was folded. */
  clear(): void {
    this.cache.clear();
  }

  private keep<State>(stream: string, loaded: Loaded<State>): Loaded<State> {
    if (loaded.revision !== 'no_stream') this.cache.set(stream, loaded);
    return loaded;
  }

  private cached<State, E extends Event, C extends CommandClasses, Facts>(
    _: Decider<State, E, C, Facts>,
    stream: string,
  ): Loaded<State> | undefined {
    // A stream's name begins with its decider's, so what lies under it is that decider's state.
    return this.cache.get(stream) as Loaded<State> | undefined;
  }

  private unknown<State>(state: State): Loaded<State> {
    const memory = new CommandMemory(this.options.rememberedCommands);
    return { state, revision: 'no_stream', position: null, memory, seenAt: performance.now() };
  }
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

function learn<State, E extends Event, C extends CommandClasses, Facts>(
  decider: Decider<State, E, C, Facts>,
  loaded: Loaded<State>,
  events: readonly RecordedEvent[],
): Loaded<State> {
  let { state } = loaded;
  for (const event of events) {
    state = evolve(decider, state, event);
    loaded.memory.learn(event);
  }
  const last = events.at(-1);
  return {
    ...loaded,
    state,
    revision: last?.revision ?? loaded.revision,
    position: last?.position.commit ?? loaded.position,
    seenAt: performance.now(),
  };
}

const upTo = <State>(last: StoredEvent | undefined, loaded: Loaded<State>): Loaded<State> =>
  last === undefined ? loaded : { ...loaded, revision: last.revision, position: last.position.commit };
