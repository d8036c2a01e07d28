import { expect, test } from '@jest/globals';
import { EventStoreMisconfigured } from '#event-store';
import { problemOf } from './problem.js';

test('a store that only a person can mend is told as one that is away: with the remedy, and nothing of its cause', () => {
  const error = new EventStoreMisconfigured('password', 'correct them in EVENTSTORE_URL', new Error('crm:secret'));
  const problem = problemOf(error);
  expect(problem).toMatchObject({
    status: 503,
    code: 'EVENT_STORE_MISCONFIGURED',
    detail: 'correct them in EVENTSTORE_URL',
  });
  expect(JSON.stringify(problem)).not.toContain('secret');
});
