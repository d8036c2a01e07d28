import { createHmac, randomUUID } from 'node:crypto';
import type { Actor, Context, Event } from '#kernel';
import type { Command, CommandResult, Issue } from './command.js';
import { eventIdOf } from './event-ids.js';
import { awaited, type LookingUp } from './looking-up.js';
import type { Numbers } from './numbers.js';
import type { Intended, Need, Reservation, Reservations } from './reservations.js';

/** How long what is reserved is kept for its event before somebody looks whether it was written. */
const RESERVED_MS = 5 * 60_000;

/** So much earlier nothing is sent any more: whoever took that long decides anew. */
const MARGIN_MS = 2 * 60_000;

/** Sends a command on its own way, as a caller would. */
export type Send = (command: Command) => Promise<CommandResult>;

/** The command whose events are about to be written. */
export interface Cause {
  readonly stream: string;
  readonly issue: Issue;
  readonly occurredAt: string | undefined;
}

export interface PreparerOptions {
  readonly send: Send;
  readonly numbers: Numbers;
  readonly fingerprintKey: Buffer;
}

/** Sees to it that nothing is written before what it needs is reserved elsewhere, and numbered where it is to be. */
export class Preparer {
  constructor(private readonly options: PreparerOptions) {}

  /** An account of what one command reserves. */
  open(cause: Cause): Account {
    return new Account(cause, this.options.send);
  }

  /** The events as they may be written, everything reserved; at once if they need nothing. @throws Refusal of what cannot be had */
  *prepare<State, E extends Event, Facts>(
    reservations: Reservations<State, E, Facts>,
    events: readonly E[],
    state: State,
    context: Context<Facts>,
    account: Account,
  ): LookingUp<readonly E[]> {
    const needs = events.map((event, index) =>
      needsOf(reservations, event, new IntendedEvent(context, state, account, index, this.fingerprint)),
    );
    if (needs.every((none) => none.length === 0)) return events;
    return yield* awaited(this.having(needs, events, account, context.now));
  }

  private async having<E extends Event>(
    needs: readonly (readonly Need[])[],
    events: readonly E[],
    account: Account,
    now: string,
  ): Promise<readonly E[]> {
    const prepared: E[] = [];
    for (const [index, event] of events.entries()) {
      let ready = event;
      for (const need of needs[index] ?? []) {
        const had = await this.have(need, account, now);
        ready = { ...ready, data: { ...ready.data, ...had } };
      }
      prepared.push(ready);
    }
    return prepared;
  }

  /** Fields that the event carries for it. */
  private async have(
    need: Need,
    account: Account,
    now: string,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    if ('series' in need) return { [need.field]: await this.options.numbers.next(need.series, now) };
    if ('reserve' in need) await account.reserve(need);
    return need.proof;
  }

  private readonly fingerprint = (text: string): string =>
    createHmac('sha256', this.options.fingerprintKey).update(text).digest('hex');
}

/** Most events need no reservation: what only reservations ask for is not made before they do. */
class IntendedEvent<State, Facts> implements Intended<State, Facts> {
  readonly now: string;
  readonly occurredAt: string;
  readonly actor: Actor;
  readonly facts: Facts;

  constructor(
    { now, occurredAt, actor, facts }: Context<Facts>,
    readonly state: State,
    private readonly account: Account,
    private readonly index: number,
    readonly fingerprint: (text: string) => string,
  ) {
    [this.now, this.occurredAt, this.actor, this.facts] = [now, occurredAt, actor, facts];
  }

  get stream(): string {
    return this.account.stream;
  }

  get eventId(): string {
    return this.account.eventIdOf(this.index, this.now);
  }

  get reservedUntil(): string {
    return new Date(Date.parse(this.now) + RESERVED_MS).toISOString();
  }
}

/** What one command has reserved so far, so that nothing stays reserved for an event that was never written. */
export class Account {
  private reserved: Reservation[] = [];
  private since = Infinity;

  constructor(
    private readonly cause: Cause,
    private readonly send: Send,
  ) {}

  get stream(): string {
    return this.cause.stream;
  }

  eventIdOf(index: number, now: string): string {
    return eventIdOf(this.cause.issue.commandId, this.cause.stream, now, index);
  }

  async reserve(reservation: Reservation): Promise<void> {
    this.since = Math.min(this.since, performance.now());
    // Known before it is sent: it may be reserved although no answer comes.
    this.reserved.push(reservation);
    await this.issue(reservation.reserve);
  }

  /** Whether an event sent now arrives while everything is still reserved for it. */
  get isGood(): boolean {
    return performance.now() - this.since < RESERVED_MS - MARGIN_MS || this.reserved.length === 0;
  }

  /** Its events were written, or may have been: what was reserved is theirs. */
  keep(): void {
    this.reserved = [];
  }

  /** Whether something is reserved that no event has taken. */
  get isOpen(): boolean {
    return this.reserved.length > 0;
  }

  /** Other events were written, or none: what was reserved is given back. */
  async settle(): Promise<void> {
    const { reserved } = this;
    [this.reserved, this.since] = [[], Infinity];
    // One that fails changes no answer: when its time is out, what it left is settled.
    for (const { settle } of reserved) if (settle) await this.issue(settle).catch(() => undefined);
  }

  private issue(command: Command): Promise<CommandResult> {
    const { issue, occurredAt } = this.cause;
    const { commandId: causationId, actor, onBehalfOf, correlationId = causationId } = issue;
    const timed = Object.assign(command, { occurredAt });
    return this.send(timed.issuedBy({ commandId: randomUUID(), actor, onBehalfOf, correlationId, causationId }));
  }
}

function needsOf<State, E extends Event, Facts>(
  reservations: Reservations<State, E, Facts>,
  event: E,
  intended: Intended<State, Facts>,
): readonly Need[] {
  const table: Readonly<
    Record<string, ((data: never, intended: Intended<State, Facts>) => readonly Need[]) | undefined>
  > = reservations;
  // The table is keyed by event type, so the entry under this type takes exactly this event's data.
  return table[event.type]?.(event.data as never, intended) ?? [];
}
