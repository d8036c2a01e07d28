import { inTransaction } from '#read-store';
import type { ReadState } from '#event-store';
import { firingId } from './cause.js';
import {
  dueDeadlines,
  nextDeadline,
  parkDeadline,
  removeFired,
  writeDeadlines,
  type StoredDeadline,
} from './deadlines.js';
import { inParallel } from './in-parallel.js';
import type { Reacted } from './reactor.js';
import { countOutcomes, fence } from './record.js';
import { AT_ONCE, type Workshop } from './workshop.js';

/** How many deadlines are answered before what follows is written. */
const BATCH = 500;

interface Fired extends Reacted {
  readonly deadline: StoredDeadline;
}

/** Answers the earliest deadlines that have come. Tells when the next one comes, which may be now. */
export async function answerDeadlines(workshop: Workshop): Promise<string | undefined> {
  const { pool, schema, clock, travellers } = workshop;
  const policies = travellers.map(({ policy }) => policy.name);
  const due = await dueDeadlines(pool, schema, policies, clock.now(), BATCH);
  if (due.length > 0) await record(workshop, await answerInOrder(workshop, due));
  return nextDeadline(pool, schema, policies);
}

/** One moment after the other; what falls on the same moment goes side by side. */
async function answerInOrder(workshop: Workshop, due: readonly StoredDeadline[]): Promise<readonly Fired[]> {
  const read = workshop.freshReader();
  const fired: Fired[] = [];
  for (const moment of new Set(due.map(({ dueAt }) => dueAt))) {
    const together = due.filter(({ dueAt }) => dueAt === moment);
    fired.push(...(await inParallel(together, AT_ONCE, (deadline) => answer(workshop, read, deadline))));
  }
  return fired;
}

async function answer(
  { travellers, reactor, clock }: Workshop,
  read: ReadState,
  deadline: StoredDeadline,
): Promise<Fired> {
  const { key, dueAt, data, group, eventId, correlationId } = deadline;
  const traveller = travellers.find(({ policy }) => policy.name === deadline.policy);
  if (traveller === undefined) throw new Error(`${deadline.policy} is not held here`);
  const { policy, lookUp } = traveller;
  const cause = {
    policy: policy.name,
    id: firingId(policy.name, key, deadline.cause, dueAt),
    eventId,
    correlationId,
  };
  const due = { key, at: dueAt, data, now: clock.now(), ...(group !== null && { group }) };
  const reacted = await reactor.react(
    policy,
    cause,
    () => lookUp(due as never, read),
    // What a policy put into its deadlines is what it gets back.
    (facts) => policy.due?.(due as never, facts as never) ?? [],
  );
  return { ...reacted, deadline };
}

async function record({ pool, schema, clock, travellers }: Workshop, fired: readonly Fired[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    await fence(client, schema, travellers);
    await removeFired(
      client,
      schema,
      fired.filter(({ failure }) => failure === undefined).map(({ deadline }) => deadline),
    );
    await writeDeadlines(
      client,
      schema,
      fired.flatMap(({ changes }) => changes),
    );
    for (const { deadline, failure } of fired)
      if (failure !== undefined) await parkDeadline(client, schema, deadline, failure);
    const outcomes = fired.flatMap((one) => one.outcomes);
    await countOutcomes(client, schema, outcomes, clock.now());
  });
}
