import { expect, test } from '@jest/globals';
import { QualifyLead } from '#crm/high-sea/lead/lead.commands';
import { lead } from '#crm/high-sea/lead/lead.decider';
import { decideBy, fold } from '#kernel';
import { project } from '../projections/project.js';
import { Story } from '../projections/story.js';
import { ACTOR, NOW } from '../spec.js';
import { readSample, samplesOf } from './samples.js';
import { allVersions } from './versions.js';

/** Version 1 of `LeadQualified`: what people wrote stood in the clear, under other words. Nobody writes it any more. */
const retired = allVersions.find(({ type, version }) => type === 'LeadQualified' && version === 1);
const [sample] = retired === undefined ? [] : samplesOf(retired);
if (sample === undefined) throw new Error('there is no golden LeadQualified of version 1');
const qualified = await readSample(sample);
const { stream, streamId: leadId } = qualified;
const before = new Story()
  .tell(stream, '2026-11-20', 'LeadCaptured', { leadId, stageVisit: { begins: 1 } })
  .tell(stream, '2026-11-21', 'LeadClaimed', {
    leadId,
    claimantId: 'ada',
    fromState: 'pooled',
    stageVisit: { ends: 1, begins: 2 },
    ownershipVisit: { begins: 1 },
  });
const place = { commit: 300n, prepare: 300n };
const history = [...before.events, { ...qualified, position: place }];
const { rows } = await project(history);

test('a golden event of a retired version is read in the words of today', () => {
  expect(sample.stored.data).toMatchObject({ criteria: [{ name: 'name', value: 'value 李雷' }] });
  expect(qualified.data).toMatchObject({ criteria: [{ criterionId: 'name', evidence: 'value 李雷' }] });
});

test('it is folded: the lead is qualified, so qualifying it again changes nothing', () => {
  const state = fold(lead, history);
  expect(state).toMatchObject({ status: 'qualified', stageVisits: 3, ownerId: 'ada' });
  const context = { now: NOW, occurredAt: NOW, actor: ACTOR, facts: {} };
  expect(decideBy(lead, state, QualifyLead.of({ leadId }), context)).toEqual([]);
});

test('it is projected: the lead left its second stage and stands in its third, qualified', async () => {
  const visits = await rows(
    'select visit_no, stage, exit_kind from analytics.lead_visit where lead_id = $1 order by visit_no',
    leadId,
  );
  expect(visits).toEqual([
    { visit_no: 1, stage: 'pooled', exit_kind: 'advance' },
    { visit_no: 2, stage: 'owned', exit_kind: 'advance' },
    { visit_no: 3, stage: 'qualified', exit_kind: null },
  ]);
});
