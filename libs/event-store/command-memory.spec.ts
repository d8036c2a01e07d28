import { expect, test } from '@jest/globals';
import { CommandMemory } from './command-memory.js';

const learnt = (commandId: string, revision: number, type = 'LeadClaimed', data: object = {}) => ({
  commandId,
  commandHash: `hash of ${commandId}`,
  actor: { id: 'wang', kind: 'human' as const },
  revision: BigInt(revision),
  position: { commit: BigInt(revision * 10) },
  type,
  data,
});

test('the events of one command make one answer', () => {
  const memory = new CommandMemory(3);
  memory.learn(learnt('a', 0, 'LeadCaptured'));
  memory.learn(learnt('a', 1, 'LeadAssigned'));
  expect(memory.get('a')).toEqual({
    hash: 'hash of a',
    actorId: 'wang',
    revision: 1n,
    position: 10n,
    events: ['LeadCaptured', 'LeadAssigned'],
  });
});

test('an answer names the numbers that were given', () => {
  const memory = new CommandMemory(3);
  memory.learn(learnt('a', 0, 'LeadCaptured', { leadNumber: 'L-20261121-000001' }));
  memory.learn(learnt('a', 1, 'LeadAssigned'));
  expect(memory.get('a')?.numbers).toEqual({ leadNumber: 'L-20261121-000001' });
});

test('an event that comes again, as when two read the same tail, is learnt once', () => {
  const memory = new CommandMemory(3);
  const event = learnt('a', 0);
  memory.learn(event);
  memory.learn(event);
  expect(memory.get('a')?.events).toEqual(['LeadClaimed']);
});

test('beyond the bound the oldest answers go, and of their ids it is known that they may have been used', () => {
  const memory = new CommandMemory(2);
  for (const [revision, id] of ['a', 'b', 'c'].entries()) memory.learn(learnt(id, revision));
  expect(memory.get('a')).toBeUndefined();
  expect(memory.mayHaveForgotten('a')).toBe(true);
  expect(memory.mayHaveForgotten('b')).toBe(false);
  expect(memory.get('c')).toBeDefined();
});
