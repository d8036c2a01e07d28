import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AnyCommand, Clock, Event, OrgAtEvent } from '#kernel';
import { decideBy, Refusal } from '#kernel';
import type { AggregateStore, Loaded } from './aggregate-store.js';
import type { Codec } from './codec.js';
import type { Command, CommandResult, Issue } from './command.js';
import { issueOf } from './command.js';
import { commandHash } from './command-hash.js';
import { checkShape } from './command-shape.js';
import type { Commands, Definition, Happened, ReadFact } from './definition.js';
import type { EventStore } from './event-store.js';
import { ConcurrentWrite, RevisionMismatch } from './failures.js';
import type { Identity } from './first-answer.js';
import { FirstAnswer, resultOf } from './first-answer.js';
import { awaited, lookedUp, type LookingUp } from './looking-up.js';
import { numbersIn } from './numbers.js';
import type { Account, Preparer } from './preparer.js';
import { envelopeOf, occurredAt, outgoing, record } from './recording.js';
import { StreamQueue } from './stream-queue.js';

/** Who owned the record and who stood above them, frozen into the event; undefined when the owner is not known. */
export type Attribute = (ownerId: string, occurredAt: string, read: ReadFact) => LookingUp<OrgAtEvent | undefined>;

export interface CommandLoopOptions {
  readonly store: EventStore;
  readonly codec: Codec;
  readonly aggregates: AggregateStore;
  readonly clock: Clock;
  readonly attribute: Attribute;
  readonly preparer: Preparer;
  /** Keys the fingerprints of commands. */
  readonly hashKey: string;
  /** How often a command is decided anew when somebody else was faster. */
  readonly tries: number;
  /** How old a folded stream may be to serve as a fact for another aggregate's decision, in milliseconds. */
  readonly factsMaxAge: number;
}

/** One command on its way through the loop. */
interface Run<State, E extends Event, C extends Commands> extends Identity {
  readonly definition: Definition<State, E, C, object>;
  readonly command: AnyCommand<C> & Command;
  readonly issue: Issue;
  /** When it came, in milliseconds of the monotonic clock. */
  readonly cameAt: number;
  readonly account: Account;
}

/** What was decided, and when. */
interface Decision<E> {
  readonly events: readonly E[];
  readonly now: string;
}

/** The pause after a lost race, in milliseconds; it doubles with each one, up to the longest. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 100;

/** Check, fold, decide, append: the one loop that every command runs. */
export class CommandLoop {
  private readonly queue = new StreamQueue();
  private readonly firstAnswer: FirstAnswer;

  constructor(private readonly options: CommandLoopOptions) {
    this.firstAnswer = new FirstAnswer(options.store, options.codec);
  }

  /**
   * @throws InvalidCommand when the command is malformed
   * @throws Refusal when a rule says no
   * @throws RevisionMismatch when the caller asked for another revision
   * @throws ConcurrentWrite when others were faster, again and again
   */
  async run<State, E extends Event, C extends Commands>(
    definition: Definition<State, E, C, object>,
    command: AnyCommand<C> & Command,
  ): Promise<CommandResult> {
    checkShape(command);
    const issue = issueOf(command) ?? { commandId: randomUUID(), actor: { id: 'system', kind: 'system' } };
    if (command.occurredAt !== undefined) occurredAt(command, issue, this.options.clock.now());
    const { commandId, actor } = issue;
    const stream = `${definition.decider.name}-${definition.decider.idOf(command)}`;
    const hash = commandHash(command, this.options.hashKey);
    const account = this.options.preparer.open({ stream, issue, occurredAt: command.occurredAt });
    const run = {
      definition,
      command,
      issue,
      stream,
      commandId,
      actorId: actor.id,
      hash,
      account,
      cameAt: performance.now(),
    };
    const turn = this.queue.enter(stream);
    if (turn) await turn;
    try {
      return await this.decideUntilWritten(run);
    } catch (error) {
      if (!isKnownOutcome(error)) account.keep();
      throw error;
    } finally {
      try {
        // Whatever the answer, nothing stays reserved that no event needs. Of an unknown outcome everything stays.
        if (account.isOpen) await account.settle();
      } finally {
        this.queue.leave(stream);
      }
    }
  }

  private async decideUntilWritten<State, E extends Event, C extends Commands>(
    run: Run<State, E, C>,
  ): Promise<CommandResult> {
    const { aggregates, tries } = this.options;
    const { definition, stream, cameAt } = run;
    let seen = aggregates.known(definition.decider, stream) ?? (await aggregates.refresh(definition.decider, stream));
    for (let attempt = 1; attempt <= tries; attempt++) {
      const before = this.firstAnswer.remembered(run, seen.memory) ?? (await this.forgottenAnswer(run, seen));
      if (before) return before;
      const deciding = lookedUp(this.decide(run, seen));
      const decision = deciding instanceof Promise ? await deciding : deciding;
      if (isWritable(decision)) {
        const written = await this.write(run, seen, decision);
        if (written) return written;
        await run.account.settle();
        await delay(Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt));
      } else if (seen.seenAt >= cameAt) return unchanged(run, seen, decision);
      // Without an append nothing guards against a stale state, so "no" and "nothing" are said of a newer one only.
      seen = await aggregates.refresh(definition.decider, stream);
    }
    throw new ConcurrentWrite(stream, 'still', `another revision after ${tries} tries`);
  }

  private forgottenAnswer(run: Identity, { memory }: Loaded<unknown>): Promise<CommandResult | undefined> | undefined {
    return memory.mayHaveForgotten(run.commandId) ? this.firstAnswer.searched(run) : undefined;
  }

  private *decide<State, E extends Event, C extends Commands>(
    { definition: { decider, lookUp, reservations }, command, issue, stream, account }: Run<State, E, C>,
    { state, revision }: Loaded<State>,
  ): LookingUp<Decision<E> | Refusal | RevisionMismatch> {
    const { expectedRevision } = issue;
    const actual = revisionOf(revision);
    if (expectedRevision !== undefined && expectedRevision !== actual)
      return new RevisionMismatch(stream, expectedRevision, actual);
    const { clock, preparer } = this.options;
    const now = clock.now();
    try {
      const facts = yield* lookUp(command, state, this.readFact, this.happened);
      const context = { now, occurredAt: occurredAt(command, issue, now), actor: issue.actor, facts };
      const events = decideBy(decider, state, command, context);
      if (reservations === undefined) return { events, now };
      return { events: yield* preparer.prepare(reservations, events, state, context, account), now };
    } catch (error) {
      if (isRefusal(error)) return error;
      throw error;
    }
  }

  /** The answer, or undefined when somebody else was faster. */
  private async write<State, E extends Event, C extends Commands>(
    { definition: { decider }, command, commandId, stream, issue, hash, account }: Run<State, E, C>,
    seen: Loaded<State>,
    { events: decided, now }: Decision<E>,
  ): Promise<CommandResult | undefined> {
    const { store, codec, aggregates, attribute } = this.options;
    const shared = envelopeOf(command, issue, hash, now);
    const { events, state } = record(decider, stream, seen, decided, shared);
    // The credit is the owner's after the events, or before them where they end the ownership.
    const ownerId = decider.ownerOf?.(state) ?? decider.ownerOf?.(seen.state);
    const looking = ownerId === undefined ? undefined : lookedUp(attribute(ownerId, shared.occurredAt, this.readFact));
    const org = looking instanceof Promise ? await looking : looking;
    const encoding = codec.encode(
      stream,
      events.map((event) => outgoing(event, shared, org)),
    );
    const encoded = encoding instanceof Promise ? await encoding : encoding;
    if (!account.isGood) return undefined;
    const sentAt = performance.now();
    try {
      const { revision, position } = await store.append(codec.prefix + stream, seen.revision, encoded);
      account.keep();
      const types = events.map(({ type }) => type);
      const answer = {
        hash,
        actorId: issue.actor.id,
        revision,
        position: position.commit,
        events: types,
        numbers: numbersOf(events),
      };
      aggregates.advance(stream, seen, { state, commandId, answer, sentAt });
      return resultOf(stream, answer, false);
    } catch (error) {
      if (error instanceof ConcurrentWrite) return undefined;
      throw error;
    }
  }

  private readonly readFact: ReadFact = (decider, id) =>
    this.options.aggregates.loadRecent(decider, `${decider.name}-${id}`, this.options.factsMaxAge);

  private readonly happened: Happened = (stream, eventId) => awaited(this.standsIn(stream, eventId));

  private async standsIn(stream: string, eventId: string): Promise<boolean> {
    const { store, codec } = this.options;
    for await (const { id } of store.readStream(codec.prefix + stream)) if (id === eventId) return true;
    return false;
  }
}

/** Numbers belong to the record as a whole, whichever of the events tells them. */
function numbersOf(events: readonly Event[]): Readonly<Record<string, string>> | undefined {
  for (const { data } of events) {
    const numbers = numbersIn(data);
    if (numbers) return numbers;
  }
  return undefined;
}

/** Whether nothing can have been written by what failed. */
const isKnownOutcome = (error: unknown): boolean =>
  error instanceof Refusal || error instanceof RevisionMismatch || error instanceof ConcurrentWrite;
const isRefusal = (error: unknown): error is Refusal => error instanceof Refusal;
const revisionOf = (revision: bigint | 'no_stream'): bigint => (revision === 'no_stream' ? -1n : revision);

const isWritable = <E>(decision: Decision<E> | Error): decision is Decision<E> =>
  !(decision instanceof Error) && decision.events.length > 0;

/** The answer to a command that changes nothing. @throws Refusal, RevisionMismatch */
function unchanged({ stream }: Identity, seen: Loaded<unknown>, decision: object): CommandResult {
  if (decision instanceof Error) throw decision;
  return { stream, revision: revisionOf(seen.revision), position: seen.position, events: [], duplicate: false };
}
