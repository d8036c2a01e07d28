import { expect, test } from '@jest/globals';
import { recorded } from '../test/spec.js';
import { creditOf, isDayKnown } from './columns.js';

const at = (envelope: Parameters<typeof recorded>[2]) => recorded({ type: 'LeadClaimed', data: {} }, 0, envelope);

test('credit takes unit and managers only from what the event froze for the same owner', () => {
  const orgAtEvent = { ownerId: 'ada', unitId: 'east', managerPath: ['max', 'mia'] };
  const frozen = { owner_id: 'ada', unit_id: 'east', manager_path: ['max', 'mia'] };
  expect(creditOf(at({ orgAtEvent }))).toEqual(frozen);
  expect(creditOf(at({ orgAtEvent }), 'ada')).toEqual(frozen);
  expect(creditOf(at({ orgAtEvent }), 'bob')).toEqual({ owner_id: 'bob', unit_id: null, manager_path: [] });
  expect(creditOf(at({}))).toEqual({ owner_id: null, unit_id: null, manager_path: [] });
});

test('only an import can leave the day unknown', () => {
  const moment = '2021-01-01T00:00:00.000Z';
  const actor = { id: 'i', kind: 'import' } as const;
  expect(isDayKnown(at({ actor, occurredAt: moment, recordedAt: moment }))).toBe(false);
  expect(isDayKnown(at({ actor, occurredAt: '2020-01-01T00:00:00.000Z', recordedAt: moment }))).toBe(true);
  expect(isDayKnown(at({ occurredAt: moment, recordedAt: moment }))).toBe(true);
});
