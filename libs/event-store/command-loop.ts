import { randomUUID } from 'node:crypto';
import type { AnyCommand, Clock, Event, OrgAtEvent } from '#kernel';
import { decideBy, Refusal } from '#kernel';
import type { AggregateStore, Loaded } from './aggregate-store.js';
import type { Codec, Outgoing } from './codec.js';
import { CommandMemory } from './command-memory.js';
import type { Command, CommandResult, Issue } from './command.js';
import { issueOf } from './command.js';
import { commandHash } from './command-hash.js';
import { checkShape } from './command-shape.js';
import type { Commands, Definition, ReadState } from './definition.js';
import { eventIdOf } from './event-ids.js';
import type { EventStore } from './event-store.js';
import { ConcurrentWrite, RevisionMismatch } from './failures.js';
import { envelopeOf, occurredAt, ownerOf, recordedAs } from './recording.js';
import { StreamQueue } from './stream-queue.js';

/** Who owned the record and who stood above them, frozen into the event; undefined when the owner is not known. */
export type Attribute = (ownerId: string, occurredAt: string, read: ReadState) => Promise<OrgAtEvent | undefined>;

export interface CommandLoopOptions {
  readonly store: EventStore;
  readonly codec: Codec;
  readonly aggregates: AggregateStore;
  readonly clock: Clock;
  readonly attribute: Attribute;
  /** Keys the fingerprints of commands. */
  readonly hashKey: Buffer;
  /** How often a command is decided anew when somebody else was faster. */
  readonly tries: number;
  /** How old a folded stream may be to serve as a fact for another aggregate's decision, in milliseconds. */
  readonly factsMaxAge: number;
}

/** One command on its way through the loop. */
interface Run<State, E extends Event, C extends Commands> {
  readonly definition: Definition<State, E, C, object>;
  readonly command: AnyCommand<C> & Command;
  readonly stream: string;
  readonly issue: Issue;
  readonly hash: string;
}

/** Check, fold, decide, append: the one loop that every command runs. */
export class CommandLoop {
  private readonly queue = new StreamQueue();

  constructor(private readonly options: CommandLoopOptions) {}

  /**
   * @throws InvalidCommand when the command is malformed
   * @throws Refusal when a rule says no
   * @throws ConcurrentWrite when others were faster, again and again
   */
  async run<State, E extends Event, C extends Commands>(
    definition: Definition<State, E, C, object>,
    command: AnyCommand<C> & Command,
  ): Promise<CommandResult> {
    await checkShape(command);
    const issue = issueOf(command) ?? { commandId: randomUUID(), actor: { id: 'system', kind: 'system' } };
    occurredAt(command, issue, this.options.clock.now());
    const stream = `${definition.decider.name}-${definition.decider.idOf(command)}`;
    const hash = commandHash(command, this.options.hashKey);
    return this.queue.run(stream, () => this.decideUntilWritten({ definition, command, stream, issue, hash }));
  }

  private async decideUntilWritten<State, E extends Event, C extends Commands>(
    run: Run<State, E, C>,
  ): Promise<CommandResult> {
    const { aggregates, tries } = this.options;
    const { decider } = run.definition;
    let loaded = await aggregates.load(decider, run.stream);
    for (let attempt = 1; ; attempt++) {
      const result = await this.attempt(run, loaded);
      if (!(result instanceof ConcurrentWrite)) return result;
      if (attempt === tries) throw result;
      loaded = await aggregates.refresh(decider, run.stream);
    }
  }

  private async attempt<State, E extends Event, C extends Commands>(
    run: Run<State, E, C>,
    seen: Loaded<State>,
  ): Promise<CommandResult | ConcurrentWrite> {
    const before = this.answeredBefore(run, seen) ?? (await this.answeredLongAgo(run, seen));
    if (before) return before;
    const decided = await this.decideOn(run, seen).catch(asRefusal);
    if (!(decided instanceof Refusal) && decided.length > 0) return this.write(run, seen, decided);
    // Without an append nothing guards against a stale state, so "no" and "nothing" are said of the newest one only.
    const now = await this.options.aggregates.refresh(run.definition.decider, run.stream);
    if (now.revision !== seen.revision) return this.attempt(run, now);
    if (decided instanceof Refusal) throw decided;
    const revision = now.revision === 'no_stream' ? -1n : now.revision;
    return { stream: run.stream, revision, position: now.position, events: [], duplicate: false };
  }

  private answeredBefore<State, E extends Event, C extends Commands>(
    { stream, issue, hash }: Run<State, E, C>,
    { memory, revision }: Loaded<State>,
  ): CommandResult | undefined {
    const remembered = recall(memory, stream, issue, hash);
    if (remembered) return remembered;
    const { expectedRevision } = issue;
    const actual = revision === 'no_stream' ? -1n : revision;
    if (expectedRevision !== undefined && expectedRevision !== actual)
      throw new RevisionMismatch(stream, expectedRevision, actual);
    return undefined;
  }

  /** Where ids were pushed out of memory, the stream is searched for the event that this command would have caused. */
  private async answeredLongAgo<State, E extends Event, C extends Commands>(
    { stream, issue, hash }: Run<State, E, C>,
    { memory }: Loaded<State>,
  ): Promise<CommandResult | undefined> {
    if (!memory.isPartial) return undefined;
    const { store, codec } = this.options;
    const wanted = eventIdOf(issue.commandId, stream, 0);
    for await (const event of store.readStream(codec.prefix + stream)) {
      if (event.id !== wanted) continue;
      const rest = new CommandMemory(1);
      for await (const later of store.readStream(codec.prefix + stream, event.revision))
        for (const recorded of await codec.decode([later])) {
          if (recorded.commandId !== issue.commandId) return recall(rest, stream, issue, hash);
          rest.learn(recorded);
        }
      return recall(rest, stream, issue, hash);
    }
    return undefined;
  }

  private async decideOn<State, E extends Event, C extends Commands>(
    { definition: { decider, lookUp }, command, issue }: Run<State, E, C>,
    { state }: Loaded<State>,
  ): Promise<readonly E[]> {
    const now = this.options.clock.now();
    const facts = await lookUp(command, state, this.readFact);
    return decideBy(decider, state, command, {
      now,
      occurredAt: occurredAt(command, issue, now),
      actor: issue.actor,
      facts,
    });
  }

  private async write<State, E extends Event, C extends Commands>(
    run: Run<State, E, C>,
    seen: Loaded<State>,
    events: readonly E[],
  ): Promise<CommandResult | ConcurrentWrite> {
    const { store, codec, aggregates } = this.options;
    const { stream, definition } = run;
    const outgoing = await this.outgoing(run, seen, events);
    const encoded = await codec.encode(stream, outgoing);
    try {
      const appended = await store.append(codec.prefix + stream, seen.revision, encoded);
      aggregates.advance(definition.decider, stream, seen, recordedAs(stream, outgoing, appended));
      return {
        stream,
        revision: appended.revision,
        position: appended.position.commit,
        events: events.map(({ type }) => type),
        duplicate: false,
      };
    } catch (error) {
      if (error instanceof ConcurrentWrite) return error;
      throw error;
    }
  }

  private async outgoing<State, E extends Event, C extends Commands>(
    { definition: { decider }, command, stream, issue, hash }: Run<State, E, C>,
    { state }: Loaded<State>,
    events: readonly E[],
  ): Promise<Outgoing[]> {
    const shared = envelopeOf(command, issue, hash, this.options.clock.now());
    const outgoing = events.map((event, index) => ({
      eventId: eventIdOf(issue.commandId, stream, index),
      event,
      envelope: { ...shared, schemaVersion: decider.events[event.type as E['type']].version },
    }));
    const ownerId = ownerOf(
      decider,
      state,
      recordedAs(stream, outgoing, { revision: 0n, position: { commit: 0n, prepare: 0n } }),
    );
    if (ownerId === undefined) return outgoing;
    const orgAtEvent = await this.options.attribute(ownerId, shared.occurredAt, this.readFact);
    return outgoing.map((one) => ({ ...one, envelope: { ...one.envelope, orgAtEvent } }));
  }

  private readonly readFact: ReadState = async (decider, id) => {
    const { aggregates, factsMaxAge } = this.options;
    const stream = `${decider.name}-${id}`;
    const loaded = await aggregates.load(decider, stream);
    if (performance.now() - loaded.seenAt <= factsMaxAge) return loaded.state;
    return (await aggregates.refresh(decider, stream)).state;
  };
}

/** The first answer to this command, if it was processed. @throws Refusal when its id was used for another payload */
function recall(memory: CommandMemory, stream: string, { commandId }: Issue, hash: string): CommandResult | undefined {
  const remembered = memory.get(commandId);
  if (remembered === undefined) return undefined;
  if (remembered.hash !== hash) throw new Refusal('COMMAND_ID_REUSED', { commandId, stream });
  const { revision, position, events } = remembered;
  return { stream, revision, position, events, duplicate: true };
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return new Refusal(String(error.code), error.details);
  throw error;
}
