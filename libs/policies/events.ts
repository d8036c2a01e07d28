import type { Position } from '#kernel';
import type { ReadState } from '#event-store';
import {
  inTransaction,
  isAfter,
  lastPosition,
  lastRecordedAt,
  noteOf,
  ParkedBehind,
  placeOf,
  type Delivery,
  type Entry,
} from '#read-store';
import { causedBy } from './cause.js';
import { writeDeadlines } from './deadlines.js';
import { inParallel } from './in-parallel.js';
import type { Traveller } from './install.js';
import type { Reacted } from './reactor.js';
import { countOutcomes, moveCheckpoints, parkEvents, type ParkedEvent } from './record.js';
import { AT_ONCE, type Workshop } from './workshop.js';

/** How often a checkpoint is stored while nothing of interest happens. */
export const IDLE_CHECKPOINT_MS = 1_000;

/** What one policy made of one event. */
interface Answer extends Reacted {
  readonly commit: bigint;
  readonly parked?: ParkedEvent;
}

const NOTHING: Reacted = { changes: [], outcomes: [] };

/** Reacts to a batch of events, those of one stream in order; then writes what follows together with the checkpoints. */
export async function reactToEvents(workshop: Workshop, deliveries: readonly Delivery[]): Promise<void> {
  const to = lastPosition(deliveries);
  const behind = workshop.travellers.filter(({ reached }) => isAfter(to, reached));
  if (to === undefined || behind.length === 0) return;
  const read = workshop.freshReader();
  const answered = await inParallel(byStream(deliveries), AT_ONCE, async (entries) => {
    const answers: Answer[] = [];
    for (const entry of entries)
      for (const traveller of behind) answers.push(...(await react(workshop, read, traveller, entry)));
    return answers;
  });
  const answers = answered.flat().sort((one, other) => (one.commit < other.commit ? -1 : 1));
  for (const traveller of behind) {
    traveller.reached = to;
    traveller.recordedAt = lastRecordedAt(deliveries) ?? traveller.recordedAt;
  }
  const isIdle =
    answers.length === 0 && behind.every(({ storedAt }) => performance.now() - storedAt < IDLE_CHECKPOINT_MS);
  if (!isIdle) await write(workshop, behind, to, answers);
}

/** Stores how far policies have read when that was left for later: nothing may come that would bring it along. */
export async function storeCheckpoints(workshop: Workshop): Promise<void> {
  const unsaved = notStored(workshop);
  // Whoever was behind has read every batch, so they all are at the same place.
  const to = unsaved[0]?.reached;
  if (to !== undefined) await write(workshop, unsaved, to, []);
}

/** The policies that have read further than is stored. */
export const notStored = ({ travellers }: Pick<Workshop, 'travellers'>): readonly Traveller[] =>
  travellers.filter(({ reached, stored }) => isAfter(reached, stored));

function byStream(deliveries: readonly Delivery[]): readonly (readonly Entry[])[] {
  const streams = new Map<string, Entry[]>();
  for (const delivery of deliveries) {
    if (!('event' in delivery || 'unreadable' in delivery)) continue;
    const { stream } = placeOf(delivery);
    const entries = streams.get(stream);
    if (entries) entries.push(delivery);
    else streams.set(stream, [delivery]);
  }
  return [...streams.values()];
}

async function react(
  workshop: Workshop,
  read: ReadState,
  traveller: Traveller,
  entry: Entry,
): Promise<readonly Answer[]> {
  const { policy, reached, parked } = traveller;
  const { position, stream, type } = placeOf(entry);
  if (policy.when[type] === undefined || !isAfter(position, reached)) return [];
  const { commit } = position;
  const park = (failure: Error): Answer => {
    parked.add(stream);
    return { ...NOTHING, commit, parked: parkedAs(policy.name, entry, failure) };
  };
  if (parked.has(stream)) return [park(new ParkedBehind())];
  const reacted = await reactTo(workshop, read, traveller, entry);
  const answer = { ...reacted, commit };
  return reacted.failure === undefined ? [answer] : [answer, park(reacted.failure)];
}

/** What a policy makes of one event, whatever it has read before. */
export async function reactTo(
  { reactor }: Workshop,
  read: ReadState,
  { policy, lookUp }: Traveller,
  entry: Entry,
): Promise<Reacted> {
  if ('unreadable' in entry) return { ...NOTHING, failure: entry.unreadable.error };
  const { event } = entry;
  return reactor.react(
    policy,
    causedBy(policy.name, event),
    () => lookUp(event as never, read),
    // The tables are keyed by event type, so what stands under this type takes exactly this event.
    (facts) => policy.when[event.type]?.(event as never, facts as never) ?? [],
  );
}

async function write(
  { pool, schema, clock }: Workshop,
  travellers: readonly Traveller[],
  to: Position,
  answers: readonly Answer[],
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await moveCheckpoints(client, schema, travellers, to);
    await writeDeadlines(
      client,
      schema,
      answers.flatMap(({ changes }) => changes),
    );
    await parkEvents(
      client,
      schema,
      answers.flatMap(({ parked = [] }) => parked),
    );
    const outcomes = answers.flatMap((answer) => answer.outcomes);
    await countOutcomes(client, schema, outcomes, clock.now());
  });
  for (const traveller of travellers) {
    traveller.stored = to;
    traveller.storedAt = performance.now();
  }
}

function parkedAs(policy: string, entry: Entry, failure: Error): ParkedEvent {
  const { stream, revision, eventId, type } = placeOf(entry);
  return { policy, stream, revision, eventId, type, ...noteOf(failure) };
}
