import { expect, test } from '@jest/globals';
import { project } from '../../test/projections/project.js';
import { Story } from '../../test/projections/story.js';

const address = (old: string, to: string) => [{ field: 'address', personal: { old, new: to } }];
const story = new Story()
  .tell('customer-k', '2021-01-01', 'CustomerRegistered', {
    ...{ customerId: 'k', partyType: 'company' },
    profile: { legalName: 'Alpha', address: 'A' },
    classification: { employeeCount: 12, annualRevenue: { amount: 5, currency: 'CNY' } },
  })
  .tell('customer-k', '2021-01-02', 'CustomerAssigned', {
    ...{ customerId: 'k', assigneeId: 'ada', assignerId: 'max' },
    ownershipVisit: { begins: 1 },
  })
  // There and back within one second.
  .tell('customer-k', '2021-02-01T08:00:00.100Z', 'CustomerProfileCorrected', {
    customerId: 'k',
    changes: address('A', 'B'),
  })
  .tell(
    'customer-k',
    '2021-02-01T08:00:00.200Z',
    'CustomerProfileCorrected',
    { customerId: 'k', changes: address('B', 'A') },
    {
      reason: { code: 'typo', text: 'Wrong house' },
      actor: { id: 'ada', kind: 'human', displayName: 'Ada' },
      onBehalfOf: 'max',
      causationId: 'call',
    },
  )
  .tell('customer-k', '2021-03-01', 'KeyFieldRevisionProposed', {
    ...{ customerId: 'k', proposalId: 'p', basedOnRevision: 3, proposerId: 'ada' },
    change: { field: 'legalName', personal: { old: 'Alpha', new: 'Omega' } },
  })
  .tell('customer-k', '2021-03-02', 'KeyFieldRevised', {
    ...{ customerId: 'k', proposalId: 'p', proposerId: 'ada', deciderId: 'max' },
    change: { field: 'legalName', personal: { old: 'Alpha', new: 'Omega' } },
  })
  // Happened on 1 April, learned on 10 April; the field loses its value.
  .tell(
    'customer-k',
    '2021-04-01',
    'CustomerProfileCorrected',
    { customerId: 'k', changes: [{ field: 'address', personal: { old: 'A' } }] },
    { recorded: '2021-04-10' },
  )
  .tell('customer-k', '2021-05-01', 'CustomerReturned', {
    ...{ customerId: 'k', ownerId: 'ada', reasonCode: 'no_need', targetPoolId: 'sea' },
    ownershipVisit: { ends: 1 },
  });

const { rows } = await project(story.events);
const valueOf = async (field: string, asOf: string, knownAt = '2022-01-01') =>
  (
    await rows(`select value from customer_as_of('k', moment($1), moment($2)) where field = $3`, asOf, knownAt, field)
  )[0]?.['value'];

test('the history tells who changed what, when, why, from what to what', async () => {
  expect(
    await rows(
      `select revision, field, old_value, new_value, actor_name, on_behalf_of, reason_code, reason_text, causation_id,
       event_type, event_id from customer_history('k') where revision = 3`,
    ),
  ).toEqual([
    {
      ...{ revision: 3, field: 'address', old_value: 'B', new_value: 'A', actor_name: 'Ada', on_behalf_of: 'max' },
      ...{ reason_code: 'typo', reason_text: 'Wrong house', causation_id: 'call' },
      ...{ event_type: 'CustomerProfileCorrected', event_id: 'customer-k@3' },
    },
  ]);
  expect(
    await rows(
      `select revision, field, old_value, new_value, reason_code from customer_history('k') where revision = 7`,
    ),
  ).toEqual([
    { revision: 7, field: 'ownerId', old_value: 'ada', new_value: null, reason_code: 'no_need' },
    { revision: 7, field: 'poolId', old_value: null, new_value: 'sea', reason_code: 'no_need' },
  ]);
});

test('A to B to A within a second is two revisions and no difference', async () => {
  expect(
    await rows(`select revision, old_value, new_value from customer_history('k') where revision in (2, 3)`),
  ).toEqual([
    { revision: 2, old_value: 'A', new_value: 'B' },
    { revision: 3, old_value: 'B', new_value: 'A' },
  ]);
  expect(await rows(`select * from customer_diff('k', 1, 3)`)).toEqual([]);
  expect(await rows(`select * from customer_diff('k', 2, 5)`)).toEqual([
    { field: 'address', before: 'B', after: 'A', changed_by_event_id: 'customer-k@3' },
    { field: 'legalName', before: 'Alpha', after: 'Omega', changed_by_event_id: 'customer-k@5' },
  ]);
});

test('the record as of any instant; what was only proposed is not in it', async () => {
  expect(await valueOf('address', '2021-02-01T08:00:00.150Z')).toBe('B');
  expect(await valueOf('address', '2021-02-01T08:00:00.200Z')).toBe('A');
  expect(await valueOf('legalName', '2021-03-01')).toBe('Alpha');
  expect(await valueOf('legalName', '2021-03-02')).toBe('Omega');
  expect(await rows(`select * from customer_as_of('k', '2020-12-31')`)).toEqual([]);
});

test('what was learned later is not known before', async () => {
  expect(await valueOf('address', '2021-04-05')).toBeUndefined();
  expect(await valueOf('address', '2021-04-05', '2021-04-05')).toBe('A');
});

test('the record at the last revision is the record of now', async () => {
  const now = await rows(`select * from customer_as_of('k')`);
  expect(await rows(`select * from customer_at_revision('k', 7)`)).toEqual(now);
  expect(now.map(({ field, value }) => [field, value])).toEqual([
    ['annualRevenue', '{"amount":5,"currency":"CNY"}'],
    ['employeeCount', '12'],
    ['legalName', 'Omega'],
    ['partyType', 'company'],
    ['poolId', 'sea'],
  ]);
  expect(await rows(`select coalesce(legal_name, short_name) as name from customer`)).toEqual([{ name: 'Omega' }]);
});
