import { test } from '@jest/globals';
import {
  atOffer,
  evidence,
  lost,
  opened,
  opportunityId,
  processWith,
  stage,
  waived,
  yuan,
} from '../../../../test/samples/opportunity.js';
import { NOW, spec } from '../../../../test/spec.js';
import { AdvanceStage, RecordStageOutcome, RegressStage, WaiveStageExit } from './opportunity.commands.js';
import { opportunity } from './opportunity.decider.js';
import type { OpportunityEvent } from './opportunity.events.js';

const { given } = spec(opportunity, processWith());
const advance = (toStageId: string) => AdvanceStage.of({ opportunityId, toStageId });
const need = evidence('contact', 'need');

test('a stage is left once its required criteria have evidence, which the event names', () =>
  given(opened, need)
    .when(advance('demo'))
    .then({
      type: 'StageAdvanced',
      data: {
        opportunityId,
        fromStage: stage('contact'),
        toStage: stage('demo'),
        processVersion: 1,
        skippedStageIds: [],
        criteriaEvidence: [{ criterionId: 'need', recordedAtRevision: 1 }],
        amountAtMove: yuan(500_00),
        enteredPreviousAt: NOW,
        stageVisit: { ends: 1, begins: 2 },
      },
    }));
test('a stage is not left without evidence for a required criterion', () =>
  given(opened, evidence('contact', 'budget'))
    .when(advance('demo'))
    .thenRefused('EXIT_CRITERIA_NOT_MET', { missing: ['need'] }));
test('stages are skipped with their required criteria settled as well', () => {
  given(...atOffer.slice(0, 3))
    .when(advance('offer'))
    .then(...atOffer.slice(3));
  given(opened, need)
    .when(advance('offer'))
    .thenRefused('EXIT_CRITERIA_NOT_MET', { missing: ['shown'] });
});
test('a waiver settles a criterion, too', () =>
  given(opened, need, waived('demo', 'shown'))
    .when(advance('offer'))
    .then(...atOffer.slice(3)));
test('a process may forbid skipping', () =>
  given(...atOffer.slice(0, 3))
    .when(advance('offer'), { facts: processWith({ allowSkip: false }) })
    .thenRefused('STAGES_MUST_NOT_BE_SKIPPED', { skippedStageIds: ['demo'] }));
test('entering the present stage changes nothing', () =>
  given(...atOffer)
    .when(advance('offer'))
    .thenNothing());
test.each([
  ['STAGE_NOT_LATER', 'contact'],
  ['STAGE_NOT_OPEN', 'won'],
  ['STAGE_UNKNOWN', 'nowhere'],
])('an advance is refused: %s', (code, toStageId) =>
  given(...atOffer)
    .when(advance(toStageId))
    .thenRefused(code),
);
test('a closed opportunity does not move', () =>
  given(...atOffer, lost)
    .when(advance('offer'))
    .thenRefused('OPPORTUNITY_CLOSED', { status: 'lost' }));

const regress = (toStageId: string, reason?: { code: string }) => RegressStage.of({ opportunityId, toStageId, reason });
const because = { code: 'need_changed' };
test('an opportunity goes back with a reason', () =>
  given(...atOffer)
    .when(regress('contact', because))
    .then({
      type: 'StageRegressed',
      data: {
        opportunityId,
        fromStage: stage('offer'),
        toStage: stage('contact'),
        processVersion: 1,
        skippedStageIds: [],
        criteriaEvidence: [],
        amountAtMove: yuan(500_00),
        enteredPreviousAt: NOW,
        stageVisit: { ends: 2, begins: 3 },
      },
    }));
test('going back needs a reason', () =>
  given(...atOffer)
    .when(regress('contact'))
    .thenRefused('REASON_REQUIRED'));
test('a process may forbid going back', () =>
  given(...atOffer)
    .when(regress('contact', because), { facts: processWith({ allowRegress: false }) })
    .thenRefused('REGRESS_NOT_ALLOWED'));
test('going back is not going forward', () =>
  given(opened).when(regress('demo', because)).thenRefused('STAGE_NOT_EARLIER'));
test('going back to the present stage changes nothing', () =>
  given(...atOffer)
    .when(regress('offer', because))
    .thenNothing());

const record = (criterionId: string, text = '会议纪要') =>
  RecordStageOutcome.of({ opportunityId, criterionId, evidence: text });
test('evidence is put on record', () => given(opened).when(record('need')).then(need));
test('the same evidence twice changes nothing, other evidence is recorded', () => {
  given(opened, need).when(record('need')).thenNothing();
  given(opened, need)
    .when(record('need', '邮件'))
    .then({
      type: 'StageOutcomeRecorded',
      data: { opportunityId, stageId: 'contact', criterionId: 'need', evidence: '邮件' },
    });
});
test('only criteria of the process have evidence', () =>
  given(opened).when(record('luck')).thenRefused('EXIT_CRITERION_UNKNOWN'));

const waive = (criterionId: string, reason?: { code: string }) =>
  WaiveStageExit.of({ opportunityId, criterionId, reason });
test('a criterion is waived with a reason, by name', () =>
  given(opened).when(waive('shown', because)).then(waived('demo', 'shown')));
test('waiving needs a reason', () => given(opened).when(waive('shown')).thenRefused('REASON_REQUIRED'));
test('waiving needs a person', () =>
  given(opened)
    .when(waive('shown', because), { actor: { id: 'policy', kind: 'system' } })
    .thenRefused('PERSON_REQUIRED'));
test.each<[string, OpportunityEvent]>([
  ['waived', waived('contact', 'need')],
  ['met', need],
])('a criterion that is %s already is not waived', (_, settled) =>
  given(opened, settled).when(waive('need', because)).thenNothing(),
);
