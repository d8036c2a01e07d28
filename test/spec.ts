import { expect } from '@jest/globals';
import type { Actor, AnyCommand, CommandClasses, Context, Decider, Event, Recorded } from '#kernel';
import { decideBy, evolve, problemOf, Refusal } from '#kernel';

export const NOW = '2026-11-22T08:00:00.000Z';
export const ACTOR: Actor = { id: 'e0000000-0000-4000-8000-000000000001', kind: 'human', displayName: '王芳' };

/** An event as it would be read back, the n-th of its stream. */
export const recorded = <E extends Event>(event: E, revision = 0, at: Partial<Recorded> = {}): E & Recorded => ({
  ...event,
  occurredAt: NOW,
  recordedAt: NOW,
  actor: ACTOR,
  commandId: 'c',
  commandHash: 'h',
  correlationId: 'c',
  causationId: 'c',
  schemaVersion: 1,
  eventId: `event-${revision}`,
  stream: 'spec-1',
  streamId: '1',
  revision: BigInt(revision),
  position: { commit: BigInt(revision), prepare: BigInt(revision) },
  ...at,
});

/** An event of the history with who did it and when, where that matters. */
interface Told<E extends Event> extends Partial<Pick<Recorded, 'occurredAt' | 'actor'>> {
  readonly event: E;
}

/** Given/when/then for one aggregate: `given(…events).when(command).then(…events)`, `.thenRefused(code)`, `.thenNothing()`. */
export function spec<State, E extends Event, Commands extends CommandClasses, Facts>(
  decider: Decider<State, E, Commands, Facts>,
  facts: Facts,
) {
  const given = (...history: readonly (E | Told<E>)[]) => ({
    when: (command: AnyCommand<Commands>, context: Partial<Context<Facts>> = {}) => {
      const decide = () => {
        const events = history.map((entry, revision) => {
          const { event, ...at } = 'event' in entry ? entry : { event: entry };
          return recorded(event, revision, at);
        });
        const state = events.reduce((folded, event) => evolve(decider, folded, event), decider.initial);
        return decideBy(decider, state, command, { now: NOW, occurredAt: NOW, actor: ACTOR, facts, ...context });
      };
      return {
        then: (...expected: readonly E[]) => {
          const events = decide();
          expect(JSON.parse(JSON.stringify(events))).toEqual(JSON.parse(JSON.stringify(expected)));
          expectStorable(decider, events);
        },
        thenNothing: () => {
          expect(decide()).toEqual([]);
        },
        thenRefused: (code: string, details: Readonly<Record<string, unknown>> = {}) => {
          expect(refusalOf(decide)).toMatchObject({ code, details });
        },
      };
    },
  });
  return { given };
}

function expectStorable<E extends Event>(
  decider: { events: Readonly<Record<string, { shape: object }>> },
  events: readonly E[],
) {
  for (const event of events) {
    const schema = decider.events[event.type];
    expect(schema).toBeDefined();
    if (schema) expect(problemOf({ ...schema.shape }, JSON.parse(JSON.stringify(event.data)))).toBeUndefined();
  }
}

function refusalOf(decide: () => unknown): Refusal {
  try {
    decide();
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal, but the command was accepted');
}

const isRefusal = (error: unknown): error is Refusal => error instanceof Refusal;
