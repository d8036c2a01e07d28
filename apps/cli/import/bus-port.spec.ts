import { expect, test } from '@jest/globals';
import { EventStoreMisconfigured, EventStoreUnavailable } from '#event-store';
import { Refusal } from '#kernel';
import { ACTOR } from '../../../test/spec.js';
import { BusPort } from './bus-port.js';

const leadId = '1ead0000-0000-4000-8000-000000000001';

/** Sends a command to handlers that fail with this, with no patience for it. */
const sendAgainst = (error: Error) =>
  new BusPort({ execute: () => Promise.reject(error) }, ACTOR, 0).send('ClaimLead', { leadId }, { commandId: 'a' });

test.each([new EventStoreUnavailable('append'), new EventStoreMisconfigured('certificate', 'the file is gone')])(
  '$name ends an import in the end: no row is to blame for it',
  (error) => expect(sendAgainst(error)).rejects.toBe(error),
);

test('a refusal is the answer to its row', () =>
  expect(sendAgainst(new Refusal('LEAD_ALREADY_CLAIMED'))).resolves.toMatchObject({
    outcome: 'refused',
    code: 'LEAD_ALREADY_CLAIMED',
  }));
