import { expect, test } from '@jest/globals';
import { ConcurrentWrite, EventStoreMisconfigured, EventStoreUnavailable } from '#event-store';
import { send } from '#kernel';
import { done } from '../../test/policies/rig.js';
import { dustWhatLies, GreetItem } from '../../test/policies/shelf-care.js';
import { NOW } from '../../test/spec.js';
import { VirtualClock } from './index.js';
import { Reactor, type Reacted } from './reactor.js';

const cause = { policy: dustWhatLies.name, id: 'e-1', eventId: 'e-1', correlationId: 'c-1' };

/** Greets a pen through a door that fails so often before it takes the command. */
function greet(failures: number, error: Error): Promise<Reacted> {
  let left = failures;
  const reactor = new Reactor(
    {
      clock: new VirtualClock(NOW),
      send: () => (left-- > 0 ? Promise.reject(error) : Promise.resolve(done)),
      sent: () => undefined,
    },
    new AbortController().signal,
    () => ({ wait: () => Promise.resolve() }),
  );
  return reactor.react(
    dustWhatLies,
    cause,
    () => Promise.resolve(undefined),
    () => [send(GreetItem.of({ item: 'pen' }))],
  );
}

test.each([
  new EventStoreUnavailable('append'),
  new EventStoreMisconfigured('certificate', 'the file is gone'),
  new ConcurrentWrite('item-pen', '1', '2'),
])('$name is waited for as long as it takes', async (error) => {
  const { outcomes, failure } = await greet(1_000, error);
  expect(failure).toBeUndefined();
  expect(outcomes).toEqual([{ cause, command: 'GreetItem', outcome: 'done' }]);
});

test('what should not happen is tried eight times', async () => {
  const error = new Error('broken');
  expect(await greet(7, error)).toMatchObject({ outcomes: [{ outcome: 'done' }] });
  expect(await greet(8, error)).toMatchObject({ failure: error, outcomes: [] });
});

test('a fault of the policy is not tried again', async () => {
  const error = new TypeError('broken');
  expect(await greet(1, error)).toMatchObject({ failure: error, outcomes: [] });
});
