import { expect, test } from '@jest/globals';
import { open, tellProcess, win } from '../../test/projections/deals.js';
import { project } from '../../test/projections/project.js';
import { Story } from '../../test/projections/story.js';

const story = new Story();
tellProcess(story);
const actor = { id: 'import', kind: 'import' } as const;
story
  .tell('employee-ada', '2020-01-01', 'EmployeeHired', { employeeId: 'ada', name: 'Ada' })
  .tell('customer-k', '2020-01-01', 'CustomerRegistered', {
    ...{ customerId: 'k', partyType: 'company', profile: {}, classification: {}, parentId: 'nobody' },
  })
  .tell('lead-1', '2021-03-10', 'LeadCaptured', { leadId: '1', source: 'web', stageVisit: { begins: 1 } })
  .tell('lead-1', '2021-03-08', 'LeadConverted', {
    ...{ leadId: '1', customerId: 'k', carryFollowUps: false, matchedExisting: false },
    stageVisit: { ends: 1 },
  })
  .tell('lead-2', '2021-03-10', 'LeadCaptured', { leadId: '2', stageVisit: { begins: 1 } }, { actor });
open(story, 'fine', '2021-01-01', { customerId: 'k', owner: 'ada' });
win(story, 'fine', '2021-01-02', { finalAmount: 1, visit: 1, owner: 'ada' });
open(story, 'bare', '2021-01-05', { owner: 'ghost', productId: 'none' });
win(story, 'bare', '2021-01-01', { visit: 1, owner: 'ghost' });
open(story, 'undated', '2021-05-01', { customerId: 'k', owner: 'ada', isImport: true });

const { rows } = await project(story.events);
const findings = (asOf: string) =>
  rows(`select finding, subject, id from data_quality_rows(as_of => moment($1)) order by subject, finding`, asOf);

test('finds what is missing or cannot be, and leaves the rest alone', async () => {
  expect(await findings('2021-12-31')).toEqual([
    { finding: 'parent that is not registered', subject: 'customer', id: 'k' },
    { finding: 'lead captured on an unknown day', subject: 'lead', id: '2' },
    { finding: 'lead without a source', subject: 'lead', id: '2' },
    { finding: 'lead won before its first contact', subject: 'lead', id: '1' },
    { finding: 'stage left before it was entered', subject: 'lead', id: '1' },
    { finding: 'credit for somebody who is no employee', subject: 'opportunity', id: 'bare' },
    { finding: 'deal won for an unknown amount', subject: 'opportunity', id: 'bare' },
    { finding: 'opportunity closed before it was opened', subject: 'opportunity', id: 'bare' },
    { finding: 'opportunity opened on an unknown day', subject: 'opportunity', id: 'undated' },
    { finding: 'opportunity without a customer', subject: 'opportunity', id: 'bare' },
    { finding: 'product that is not listed', subject: 'opportunity', id: 'bare' },
    { finding: 'stage left before it was entered', subject: 'opportunity', id: 'bare' },
  ]);
  expect(await findings('2019-12-31')).toEqual([]);
});

test('each finding names the events that say so', async () => {
  expect(
    await rows(`select detail, event_ids from data_quality_rows() where finding = 'lead won before its first contact'`),
  ).toEqual([{ detail: 'captured on 2021-03-10, converted on 2021-03-08', event_ids: ['lead-1@0', 'lead-1@1'] }]);
});
