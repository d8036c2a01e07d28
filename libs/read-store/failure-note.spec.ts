import { expect, test } from '@jest/globals';
import { DatabaseError } from 'pg';
import { EventStoreMisconfigured } from '#event-store';
import { noteOf } from './failure-note.js';
import { UnwritableChange } from './failures.js';

const thrownBy = (work: () => unknown): Error => {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it should have failed');
};

test.each([
  ['JSON', (): unknown => JSON.parse('李雷')],
  ['numbers', () => BigInt('李雷')],
  ['currencies', () => new Intl.NumberFormat('en', { style: 'currency', currency: '李雷' })],
  [
    'several lines',
    () => {
      throw new Error('李雷\n    at 李雷');
    },
  ],
])('an error about %s tells its kind and place, and nothing of what was wrong', (_, work) => {
  const note = noteOf(thrownBy(work));
  expect(note.reason).toMatch(/^\w*Error at .*failure-note.spec.ts:\d+/);
  expect(note.stack).toMatch(/^at .*failure-note.spec.ts/m);
  expect(JSON.stringify(note)).not.toContain('李雷');
});

test('what Postgres refuses is told by code, table, column and constraint, never by its message or detail', () => {
  const error = Object.assign(new DatabaseError('invalid input syntax for type date: "李雷"', 9, 'error'), {
    ...{ code: '22P02', detail: 'Failing row contains (李雷)', where: 'COPY items, line 1: "李雷"' },
    ...{ table: 'items', column: 'put_on' },
  });
  const note = noteOf(error);
  expect(note.reason).toBe(
    'Postgres refuses it with 22P02 (a value is not of the type of its column), table items, column put_on',
  );
  expect(JSON.stringify(note)).not.toContain('李雷');
});

test.each([
  [new UnwritableChange('items has no column colour'), 'items has no column colour'],
  [
    new EventStoreMisconfigured('certificate', 'ca.crt cannot be read: put it back'),
    'ca.crt cannot be read: put it back',
  ],
])('our own errors quote nothing, and say what they have to say: %s', (error, reason) =>
  expect(noteOf(error).reason).toBe(reason),
);

test('a lost connection is told in the words of the driver', () => {
  expect(noteOf(new Error('Connection terminated unexpectedly')).reason).toBe('Connection terminated unexpectedly');
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { syscall: 'connect' });
  expect(noteOf(refused).reason).toBe('connect ECONNREFUSED 127.0.0.1:5432');
});
