import { expect, test } from '@jest/globals';
import type { AnyCommand } from '#kernel';
import type { FieldChange } from '../../field-changes.js';
import { newValueOf } from '../../field-changes.js';
import { fc } from '../../../../test/draws.js';
import type { Step } from '../../../../test/properties.js';
import { laws, play, steps } from '../../../../test/properties.js';
import * as commands from './customer.commands.js';
import { customer } from './customer.decider.js';
import { KEY_FIELDS } from './customer.events.js';

const customerId = 'c0570000-0000-4000-8000-000000000001';
const employeeId = fc.constantFrom(
  'e0000000-0000-4000-8000-000000000002',
  'e0000000-0000-4000-8000-000000000003',
  'e0000000-0000-4000-8000-000000000004',
);
const proposalId = fc.constantFrom(
  ...[1, 2, 3, 4, 5, 6].map((number) => `b0b00000-0000-4000-8000-00000000000${number}`),
);
const reason = { code: 'registry_extract' };

const register = commands.RegisterCustomer.of({
  customerId,
  profile: { legalName: 'A', phone: '1' },
  classification: { level: 'A', industry: 'A' },
});
const value = fc.constantFrom('A', 'B', 'C');

const revision = fc.oneof(
  fc
    .record({
      proposalId,
      field: fc.constantFrom('legalName' as const, 'taxNumber' as const, 'level' as const),
      value: fc.option(value, { nil: undefined }),
      basedOnRevision: fc.nat({ max: 12 }),
    })
    .map((fields) => commands.ProposeKeyFieldRevision.of({ ...fields, customerId, reason })),
  proposalId.map((id) => commands.ApproveKeyFieldRevision.of({ customerId, proposalId: id, reason })),
  proposalId.map((id) => commands.RejectKeyFieldRevision.of({ customerId, proposalId: id, reason })),
  proposalId.map((id) => commands.WithdrawKeyFieldRevision.of({ customerId, proposalId: id })),
  fc
    .record({ phone: fc.option(value), industry: value })
    .map(({ phone, industry }) =>
      commands.CorrectCustomerProfile.of({ customerId, profile: { phone }, classification: { industry }, reason }),
    ),
);
const ownership = fc.oneof(
  employeeId.map((claimantId) => commands.ClaimCustomer.of({ customerId, claimantId })),
  employeeId.map((assigneeId) => commands.AssignCustomer.of({ customerId, assigneeId })),
  employeeId.map((toOwner) => commands.TransferCustomer.of({ customerId, toOwner, reason })),
  fc.constant(commands.ReturnCustomer.of({ customerId, reasonCode: 'no_need' })),
  fc
    .integer({ min: 1, max: 20 })
    .map((thresholdDays) => commands.RecycleCustomer.of({ customerId, trigger: 'no_follow_up', thresholdDays })),
);

laws(customer, fc.oneof(fc.constant(register), revision, ownership), {});

const after = (drawn: readonly Step<AnyCommand<typeof commands>>[]) =>
  play(customer, [{ command: register }, ...drawn], {});

/** Every change of a field that a history tells, in order, with the revision that told it. */
const changesIn = (history: ReturnType<typeof after>) =>
  history.flatMap((event) => {
    const told: readonly FieldChange[] =
      event.type === 'KeyFieldRevised'
        ? [event.data.change]
        : event.type === 'CustomerProfileCorrected'
          ? event.data.changes
          : [];
    return told.map((change) => ({ change, event }));
  });
const oldValueOf = ({ personal, old }: FieldChange) => (personal === undefined ? old : personal.old);

test('every change starts from the value that the change before it ended with (CI3)', () => {
  fc.assert(
    fc.property(steps(revision), (drawn) => {
      const values = new Map<string, string | undefined>(
        Object.entries({ legalName: 'A', level: 'A', phone: '1', industry: 'A' }),
      );
      for (const { change } of changesIn(after(drawn))) {
        expect(oldValueOf(change)).toBe(values.get(change.field));
        expect(newValueOf(change)).not.toBe(oldValueOf(change));
        values.set(change.field, newValueOf(change));
      }
      expect(values.get('legalName')).toBeDefined();
    }),
  );
});

test('a key field changes only by what one person proposed, with its last revision in view, and another decided (CI1, CI2)', () => {
  fc.assert(
    fc.property(steps(revision), (drawn) => {
      const history = after(drawn);
      const lastRevised = new Map<string, bigint>();
      for (const { change, event } of changesIn(history)) {
        expect(KEY_FIELDS.some((field) => field === change.field)).toBe(event.type === 'KeyFieldRevised');
        if (event.type !== 'KeyFieldRevised') continue;
        const { proposalId: id, proposerId, deciderId } = event.data;
        const proposal = history.find(
          (past) => past.type === 'KeyFieldRevisionProposed' && past.data.proposalId === id,
        );
        if (proposal?.type !== 'KeyFieldRevisionProposed') throw new Error('revised without a proposal');
        expect(proposerId).toBe(proposal.actor.id);
        expect(deciderId).toBe(event.actor.id);
        expect(deciderId).not.toBe(proposerId);
        expect(proposal.data.basedOnRevision).toBeGreaterThanOrEqual(Number(lastRevised.get(change.field) ?? 0n));
        lastRevised.set(change.field, event.revision);
      }
    }),
  );
});

test('one owner at a time: each ownership visit ends before the next begins, and they are counted without a gap', () => {
  fc.assert(
    fc.property(steps(ownership), (drawn) => {
      let owner: string | undefined;
      let visit = 0;
      for (const { data } of after(drawn)) {
        if (!('ownershipVisit' in data)) continue;
        const { ends, begins } = data.ownershipVisit;
        expect(ends).toBe(owner === undefined ? undefined : visit);
        if ('fromOwner' in data) expect(data.fromOwner).toBe(owner);
        if ('previousOwnerId' in data) expect(data.previousOwnerId).toBe(owner);
        if (begins !== undefined) expect(begins).toBe(++visit);
        owner =
          'claimantId' in data
            ? data.claimantId
            : 'assigneeId' in data
              ? data.assigneeId
              : 'toOwner' in data
                ? data.toOwner
                : undefined;
      }
    }),
  );
});
