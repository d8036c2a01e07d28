import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { aggregates } from '#crm/index';
import { listeners } from '#projections';
import { catalogueOf, emittedTypes } from '../apps/cli/event-catalogue.js';
import { currentCatalogue } from '../apps/cli/events.command.js';

const entries = catalogueOf(aggregates, listeners);
const types = entries.map(({ type }) => type);

test('EVENTS.md tells what the code has; `npm run events` writes it anew', async () => {
  expect(readFileSync('libs/crm/EVENTS.md', 'utf8')).toBe(await currentCatalogue());
});

test('an event has one name in the whole log', () => {
  expect(types).toEqual([...new Set(types)]);
});

test.each(listeners.map(({ name, events }) => [name, events] as const))(
  'the projection %s waits for no event that nobody emits',
  (_, events) => {
    expect(events.filter((type) => !types.includes(type))).toEqual([]);
  },
);

test('every event is emitted by a command', () => {
  expect(entries.filter(({ emittedBy }) => emittedBy.length === 0).map(({ type }) => type)).toEqual([]);
});

test.each(aggregates.map(({ decider, commands }) => [decider.name, decider, commands] as const))(
  '%s decides each of its commands, and each decision names the events it emits',
  (_, decider, commands) => {
    expect(Object.keys(decider.decide).sort()).toEqual(Object.keys(commands).sort());
    for (const [name, decision] of Object.entries(decider.decide)) {
      const emitted = emittedTypes(decision);
      expect({ name, emitted: emitted.filter((type) => type in decider.events) }).toEqual({ name, emitted });
      expect({ name, emitsNothing: emitted.length === 0 }).toEqual({ name, emitsNothing: false });
    }
  },
);
