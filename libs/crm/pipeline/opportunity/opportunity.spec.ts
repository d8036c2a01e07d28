import { expect, test } from '@jest/globals';
import type { FieldsOf } from '#event-store';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import {
  atOffer,
  customerId,
  lei,
  opened,
  opportunityId,
  processId,
  processWith,
  quoteId,
  stage,
  won,
  yuan,
} from '../../../../test/samples/opportunity.js';
import { ACTOR, spec } from '../../../../test/spec.js';
import {
  AbandonOpportunity,
  AdvanceStage,
  LoseOpportunity,
  OpenOpportunity,
  RecordStageOutcome,
  RegressStage,
  ReopenOpportunity,
  RescheduleExpectedClose,
  ReviseAmount,
  TransferOpportunity,
  WaiveStageExit,
  WinOpportunity,
} from './opportunity.commands.js';
import { opportunity } from './opportunity.decider.js';
import type { OpportunityEvent } from './opportunity.events.js';

const { given } = spec(opportunity, processWith());
const openWith = (fields: Partial<FieldsOf<OpenOpportunity>>) =>
  OpenOpportunity.of({ opportunityId, customerId, processId, amount: yuan(500_00), ...fields });
const openIt = openWith({});

test('an opportunity opens in the first stage of the newest version, owned by who opens it', () =>
  given().when(openIt).then(opened));
test('an import opens what nobody owns, without a day that nobody knows', () =>
  given()
    .when(OpenOpportunity.of({ opportunityId, processId, stageId: 'demo' }), {
      actor: { id: 'import', kind: 'import' },
    })
    .then({
      type: 'OpportunityOpened',
      data: { opportunityId, processId, processVersion: 1, stage: stage('demo'), stageVisit: { begins: 1 } },
    }));
test('an opportunity is opened once', () => given(opened).when(openIt).thenRefused('OPPORTUNITY_ALREADY_OPENED'));
test.each([
  ['PROCESS_VERSION_UNKNOWN', { processVersion: 2 }],
  ['STAGE_UNKNOWN', { stageId: 'nowhere' }],
  ['STAGE_NOT_OPEN', { stageId: 'won' }],
])('it opens nowhere else: %s', (code, fields) => given().when(openWith(fields)).thenRefused(code));
test('it follows no version that is retired or was never published', () => {
  const facts = processWith({}, { type: 'SalesProcessVersionRetired', data: { processId, version: 1 } });
  given()
    .when(openWith({ processVersion: 1 }), { facts })
    .thenRefused('PROCESS_VERSION_RETIRED');
  given().when(openIt, { facts }).thenRefused('PROCESS_VERSION_UNKNOWN');
  given()
    .when(openIt, { facts: { process: { status: 'unknown' } } })
    .thenRefused('PROCESS_UNKNOWN');
});

const revise = (amount: number) => ReviseAmount.of({ opportunityId, amount: yuan(amount) });
test('a revised amount names the one before', () =>
  given(opened)
    .when(revise(600_00))
    .then({ type: 'AmountRevised', data: { opportunityId, old: yuan(500_00), new: yuan(600_00) } }));
test('the same amount changes nothing', () => given(opened).when(revise(500_00)).thenNothing());
test('a closed opportunity keeps its amount', () =>
  given(...atOffer, won)
    .when(revise(600_00))
    .thenRefused('OPPORTUNITY_CLOSED', { status: 'won' }));

const reschedule = RescheduleExpectedClose.of({ opportunityId, expectedClose: '2026-12-24' });
const rescheduled: OpportunityEvent = {
  type: 'ExpectedCloseRescheduled',
  data: { opportunityId, new: '2026-12-24' },
};
test('the expected day is set', () => given(opened).when(reschedule).then(rescheduled));
test('the same day changes nothing', () => given(opened, rescheduled).when(reschedule).thenNothing());
test('an unknown opportunity has no expected day', () => given().when(reschedule).thenRefused('OPPORTUNITY_UNKNOWN'));

const transfer = (toOwner: string) => TransferOpportunity.of({ opportunityId, toOwner });
const transferred: OpportunityEvent = {
  type: 'OpportunityTransferred',
  data: { opportunityId, fromOwner: ACTOR.id, toOwner: lei },
};
test('a transfer names both owners', () => given(opened).when(transfer(lei)).then(transferred));
test('also a closed opportunity is transferred', () =>
  given(...atOffer, won)
    .when(transfer(lei))
    .then(transferred));
test('a transfer to the owner changes nothing', () => given(opened).when(transfer(ACTOR.id)).thenNothing());
test('an unknown opportunity is not transferred', () => given().when(transfer(lei)).thenRefused('OPPORTUNITY_UNKNOWN'));

const toStageId = fc.constantFrom('contact', 'demo', 'offer', 'won');
const criterionId = fc.constantFrom('need', 'budget', 'shown');
const amount = fc.constantFrom(yuan(0), yuan(1_00), { amount: 2_00, currency: 'EUR' });
const reason = fc.constantFrom(undefined, { code: 'because' });
const anyCommand = fc.oneof(
  { arbitrary: fc.constant(openIt), weight: 3 },
  fc.record({ toStageId }).map((f) => AdvanceStage.of({ opportunityId, ...f })),
  fc.record({ toStageId, reason }).map((f) => RegressStage.of({ opportunityId, ...f })),
  fc
    .record({ criterionId, evidence: fc.constantFrom('甲', '乙') })
    .map((f) => RecordStageOutcome.of({ opportunityId, ...f })),
  fc.record({ criterionId, reason }).map((f) => WaiveStageExit.of({ opportunityId, ...f })),
  amount.map((f) => ReviseAmount.of({ opportunityId, amount: f })),
  fc
    .constantFrom('2026-12-01', '2026-12-24')
    .map((f) => RescheduleExpectedClose.of({ opportunityId, expectedClose: f })),
  fc.constantFrom(ACTOR.id, lei).map((f) => TransferOpportunity.of({ opportunityId, toOwner: f })),
  fc
    .record({ finalAmount: fc.option(amount, { nil: undefined }), quoteId: fc.constantFrom(undefined, quoteId) })
    .map((f) => WinOpportunity.of({ opportunityId, ...f })),
  fc.constantFrom('price' as const, 'other' as const).map((f) => LoseOpportunity.of({ opportunityId, reasonCode: f })),
  fc.constant(AbandonOpportunity.of({ opportunityId })),
  fc
    .record({ reason, toStageId: fc.option(toStageId, { nil: undefined }) })
    .map((f) => ReopenOpportunity.of({ opportunityId, ...f })),
);

const facts = processWith({ reopenWindowDays: 14 });
laws(opportunity, anyCommand, facts);

const histories = steps(anyCommand).map((drawn) => play(opportunity, drawn, facts));
const isClosing = ({ type }: OpportunityEvent) =>
  type === 'OpportunityWon' || type === 'OpportunityLost' || type === 'OpportunityAbandoned';

test('opportunity: one stage visit at a time, each begun once and dense', () => {
  fc.assert(
    fc.property(histories, (history) => {
      let open: number | undefined;
      let begun = 0;
      for (const { data } of history) {
        if (!('stageVisit' in data)) continue;
        const { ends, begins } = data.stageVisit;
        expect(ends).toBe(open);
        if (begins !== undefined) expect(begins).toBe(++begun);
        open = begins;
      }
    }),
  );
});

test('opportunity: closings are dense and alternate with the reopenings that void them', () => {
  fc.assert(
    fc.property(histories, (history) => {
      const ends = history.filter((event) => isClosing(event) || event.type === 'OpportunityReopened');
      for (const [index, event] of ends.entries()) {
        expect(isClosing(event)).toBe(index % 2 === 0);
        expect(event.data).toMatchObject({ closing: Math.floor(index / 2) + 1 });
        if (event.type === 'OpportunityReopened') expect(event.data.voidsClosing).toBe(ends[index - 1]?.eventId);
      }
    }),
  );
});

test('opportunity: every move leaves the present stage, and only moves change it', () => {
  fc.assert(
    fc.property(histories, (history) => {
      let present: string | undefined;
      for (const { type, data } of history) {
        if ('fromStage' in data) expect(data.fromStage.id).toBe(present);
        if (type === 'StageAdvanced') expect(data.toStage.orderIndex).toBeGreaterThan(data.fromStage.orderIndex);
        if (type === 'StageRegressed') expect(data.toStage.orderIndex).toBeLessThan(data.fromStage.orderIndex);
        if ('toStage' in data) present = data.toStage.id;
        if (type === 'OpportunityOpened') present = data.stage.id;
      }
    }),
  );
});
