import { expect, test } from '@jest/globals';
import type { Actor, AnyCommand, AnyDecider, CommandClasses, Decider, Event, Field, Recorded, Shape } from '#kernel';
import { decideBy, evolve, fold, problemOf, Refusal } from '#kernel';
import { fc } from './draws.js';
import { ACTOR, NOW, recorded } from './spec.js';

/** A command, who sends it, and how many days after `NOW`. */
export interface Step<Command> {
  readonly command: Command;
  readonly actor?: Actor;
  readonly day?: number;
}

/** What happens when the commands come one after another: accepted ones become events, refused ones leave none. */
export function play<State, E extends Event, Commands extends CommandClasses, Facts>(
  decider: Decider<State, E, Commands, Facts>,
  steps: readonly Step<AnyCommand<Commands>>[],
  facts: Facts,
): readonly (E & Recorded)[] {
  const history: (E & Recorded)[] = [];
  for (const { command, actor = ACTOR, day = 0 } of steps) {
    const now = new Date(Date.parse(NOW) + day * 86_400_000).toISOString();
    const context = { now, occurredAt: now, actor, facts };
    for (const event of accepted(() => decideBy(decider, fold(decider, history), command, context)))
      history.push(recorded(event, history.length, { actor, occurredAt: now, recordedAt: now }));
  }
  return history;
}

/** Sequences of commands by a few people, an import and a machine, over some weeks. */
export const steps = <Command>(command: fc.Arbitrary<Command>): fc.Arbitrary<readonly Step<Command>[]> =>
  fc
    .array(fc.record({ command, actor: fc.constantFrom(...ACTORS), days: fc.nat({ max: 9 }) }), { maxLength: 30 })
    .map((drawn) => {
      let day = 0;
      return drawn.map(({ days, ...step }) => ({ ...step, day: (day += days) }));
    });

export const ACTORS: readonly Actor[] = [
  ACTOR,
  { id: 'e0000000-0000-4000-8000-000000000002', kind: 'human' },
  { id: 'import', kind: 'import' },
  { id: 'taizhang', kind: 'system' },
];

/** What holds for every aggregate, whatever its rules: declares one test per law. */
export function laws<State, E extends Event, Commands extends CommandClasses, Facts>(
  decider: Decider<State, E, Commands, Facts>,
  command: fc.Arbitrary<AnyCommand<Commands>>,
  facts: Facts,
): void {
  test(`${decider.name}: events fit their schemas and survive storage`, () => {
    fc.assert(
      fc.property(steps(command), (drawn) => {
        const history = play(decider, drawn, facts);
        const stored = history.map((event) => ({ ...event, data: asStored(event.data) }));
        for (const { type, data } of stored) expect(problemOf(shapeOf(decider, type), data)).toBeUndefined();
        expect(fold(decider, stored)).toEqual(fold(decider, history));
      }),
    );
  });

  test(`${decider.name}: the same command twice adds nothing`, () => {
    fc.assert(
      fc.property(steps(command), (drawn) => {
        const twice = drawn.flatMap((step) => [step, step]);
        const types = (all: typeof drawn) => play(decider, all, facts).map(({ type, data }) => ({ type, data }));
        expect(types(twice)).toEqual(types(drawn));
      }),
    );
  });

  test(`${decider.name}: evolve takes any event in any order`, () => {
    fc.assert(
      fc.property(fc.array(anyEvent(decider), { maxLength: 20 }), (events) => {
        let state = decider.initial;
        for (const [revision, event] of events.entries()) state = evolve(decider, state, recorded(event, revision));
        expect(state).toBeDefined();
      }),
    );
  });
}

/** Any event that fits its schema, also one that no decision would ever cause. */
const anyEvent = ({ events }: AnyDecider): fc.Arbitrary<Event> =>
  fc.oneof(
    ...Object.entries(events).map(([type, { shape }]) =>
      fc.record({ type: fc.constant(type), data: anyRecord(shape) }),
    ),
  );

const asStored = (data: object): object => JSON.parse(JSON.stringify(data)) as object;
const shapeOf = ({ events }: AnyDecider, type: string): Shape => events[type]?.shape ?? {};

const anyRecord = (shape: Shape): fc.Arbitrary<object> => {
  const fields = Object.entries(shape);
  return fc.record(Object.fromEntries(fields.map(([key, field]) => [key, anyValue(field)])), {
    requiredKeys: fields.flatMap(([key, field]) => (field.isOptional === true ? [] : [key])),
  });
};

function anyValue(field: Field<unknown>): fc.Arbitrary<unknown> {
  if (field.fields) return anyRecord(field.fields);
  if (field.item) return fc.array(anyValue(field.item), { maxLength: 3 });
  const candidates = [...SAMPLES, ...field.name.split(' | ')];
  return fc.constantFrom(...candidates.filter((value) => field.problem(value) === undefined));
}

const SAMPLES = ['', '甲', 'one', 'two', 'CNY', 'EUR', '2026-11-22', '2026-12-01', NOW, 0, 1, 2, -7, 0.5, true, false];

function accepted<T>(decide: () => readonly T[]): readonly T[] {
  try {
    return decide();
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
