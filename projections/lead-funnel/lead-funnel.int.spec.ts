import { expect, test } from '@jest/globals';
import { project } from '../../test/projections/project.js';
import { Story } from '../../test/projections/story.js';

const org = { ownerId: 'ada', unitId: 'east', managerPath: ['max'] };
const bob = { ownerId: 'bob', unitId: 'west', managerPath: ['mia'] };
const next = (visit: number) => ({ ends: visit, begins: visit + 1 });

const story = new Story()
  .tell('unit-east', '2020-01-01', 'UnitCreated', { unitId: 'east', name: 'East' })
  .tell('employee-ada', '2020-01-01', 'EmployeeHired', { employeeId: 'ada', name: 'Ada' })
  // Straight through, from a named source.
  .tell('lead-1', '2021-01-05', 'LeadCaptured', { leadId: '1', source: 'web', stageVisit: { begins: 1 } })
  .tell(
    'lead-1',
    '2021-01-06',
    'LeadAssigned',
    {
      leadId: '1',
      assigneeId: 'ada',
      assignerId: 'max',
      stageVisit: next(1),
      ownershipVisit: { begins: 1 },
    },
    { org },
  )
  .tell('lead-1', '2021-01-08', 'LeadQualified', { leadId: '1', criteria: [], stageVisit: next(2) }, { org })
  .tell(
    'lead-1',
    '2021-01-09',
    'LeadTransferred',
    {
      leadId: '1',
      fromOwner: 'ada',
      toOwner: 'bob',
      reassignFollowUps: false,
      ownershipVisit: next(1),
    },
    { org: bob },
  )
  .tell(
    'lead-1',
    '2021-02-20',
    'LeadConverted',
    {
      leadId: '1',
      customerId: 'c1',
      carryFollowUps: false,
      matchedExisting: false,
      ownerId: 'bob',
      stageVisit: { ends: 3 },
      ownershipVisit: { ends: 2 },
    },
    { org: bob },
  )
  // Nobody said where it came from; owned, given back, owned again, still open.
  .tell('lead-2', '2021-01-31', 'LeadCaptured', { leadId: '2', stageVisit: { begins: 1 } })
  .tell(
    'lead-2',
    '2021-02-01',
    'LeadClaimed',
    {
      leadId: '2',
      claimantId: 'ada',
      fromState: 'pooled',
      stageVisit: next(1),
      ownershipVisit: { begins: 1 },
    },
    { org },
  )
  .tell(
    'lead-2',
    '2021-02-11',
    'LeadReturned',
    {
      leadId: '2',
      ownerId: 'ada',
      reasonCode: 'no_need',
      stageVisit: next(2),
      ownershipVisit: { ends: 1 },
    },
    { org },
  )
  .tell(
    'lead-2',
    '2021-02-13',
    'LeadClaimed',
    {
      leadId: '2',
      claimantId: 'bob',
      fromState: 'pooled',
      stageVisit: next(3),
      ownershipVisit: { begins: 2 },
    },
    { org: bob },
  )
  // A source that is called unknown is not an absent one. Disqualified, reopened, learned late.
  .tell('lead-3', '2021-02-02', 'LeadCaptured', { leadId: '3', source: 'unknown', stageVisit: { begins: 1 } })
  .tell(
    'lead-3',
    '2021-02-03',
    'LeadDisqualified',
    {
      leadId: '3',
      reasonCode: 'invalid_number',
      stageVisit: { ends: 1 },
    },
    { recorded: '2021-03-10' },
  )
  .tell('lead-3', '2021-03-20', 'LeadReopened', { leadId: '3', stageVisit: { begins: 2 } })
  // Won two days before its first contact (an import).
  .tell(
    'lead-4',
    '2021-03-10',
    'LeadCaptured',
    { leadId: '4', source: 'web', stageVisit: { begins: 1 } },
    { recorded: '2021-04-01' },
  )
  .tell(
    'lead-4',
    '2021-03-08',
    'LeadAssigned',
    {
      leadId: '4',
      assigneeId: 'ada',
      assignerId: 'x',
      stageVisit: next(1),
      ownershipVisit: { begins: 1 },
    },
    { org, recorded: '2021-04-01' },
  )
  .tell(
    'lead-4',
    '2021-03-08',
    'LeadConverted',
    {
      leadId: '4',
      customerId: 'c4',
      carryFollowUps: false,
      matchedExisting: false,
      stageVisit: { ends: 2 },
      ownershipVisit: { ends: 1 },
    },
    { org, recorded: '2021-04-01' },
  );

const { rows } = await project(story.events);

test('cohort conversion counts leads by the month of capture, lost and open ones included', async () => {
  expect(await rows(`select * from lead_conversion(per => 'month') order by period`)).toMatchObject([
    { key: 'total', period: '2021-01', n: 2, reached: 1, conversion: 0.5, matured: null, is_mature: null },
    { period: '2021-02', n: 1, reached: 0, conversion: 0 },
    { period: '2021-03', n: 1, reached: 1, conversion: 1 },
  ]);
});

test('rows without a source stand apart from those whose source is called unknown', async () => {
  expect(await rows(`select key, label, n, reached from lead_conversion(by => 'source') order by key`)).toEqual([
    { key: 'unknown', label: 'unknown', n: 1, reached: 0 },
    { key: 'web', label: 'web', n: 2, reached: 2 },
    { key: null, label: '(empty)', n: 1, reached: 0 },
  ]);
});

test('a horizon leaves out what came later, and maturity says whether it is over', async () => {
  const conversion = (horizon: number, asOf: string) =>
    rows(
      `select n, reached, matured, is_mature from lead_conversion(entered_until => '2021-02-01', horizon_days => $1,
       as_of => moment($2))`,
      horizon,
      asOf,
    );
  expect(await conversion(45, '2021-06-30')).toEqual([{ n: 2, reached: 0, matured: 2, is_mature: true }]);
  expect(await conversion(46, '2021-06-30')).toEqual([{ n: 2, reached: 1, matured: 2, is_mature: true }]);
  // Lead 1 (5 January) has had its 46 days by 20 February, lead 2 (31 January) only by 18 March.
  expect(await conversion(46, '2021-02-20')).toEqual([{ n: 2, reached: 1, matured: 1, is_mature: false }]);
  expect(await conversion(46, '2021-03-18')).toEqual([{ n: 2, reached: 1, matured: 2, is_mature: true }]);
});

test('before every event there is nothing, and re-entries count a lead once', async () => {
  expect(await rows(`select * from lead_conversion(as_of => '2020-12-31')`)).toEqual([]);
  expect(await rows(`select * from lead_snapshot(as_of => '2020-12-31')`)).toEqual([]);
  expect(await rows(`select n, reached from lead_conversion(from_stage => 'owned', to_stage => 'qualified')`)).toEqual([
    { n: 3, reached: 2 },
  ]);
});

const snapshot = (asOf: string, knownAt = '2022-01-01') =>
  rows(
    `select captured, open, pooled, owned, qualified, converted, disqualified, open_older
     from lead_snapshot(as_of => moment($1), known_at => moment($2), older_than_days => 20)`,
    asOf,
    knownAt,
  );

test('a snapshot shows the stages of any day, and what was older then', async () => {
  const nothing = { pooled: 0, owned: 0, qualified: 0, converted: 0, disqualified: 0, open_older: 0 };
  expect(await snapshot('2021-01-05')).toEqual([{ ...nothing, captured: 1, open: 1, pooled: 1 }]);
  expect(await snapshot('2021-01-08')).toEqual([{ ...nothing, captured: 1, open: 1, qualified: 1 }]);
  expect(await snapshot('2021-02-03')).toEqual([
    { ...nothing, captured: 3, open: 2, owned: 1, qualified: 1, disqualified: 1, open_older: 1 },
  ]);
  expect(await snapshot('2021-12-31')).toEqual([
    { ...nothing, captured: 4, open: 2, pooled: 1, owned: 1, converted: 2, open_older: 2 },
  ]);
  // Twenty days are not more than twenty.
  expect(await snapshot('2021-02-20')).toMatchObject([{ open: 1, open_older: 0 }]);
  expect(await snapshot('2021-02-21')).toMatchObject([{ open: 1, open_older: 1 }]);
});

test('an end that was learned later is not seen, a lead won before its first contact never lies open', async () => {
  expect(await snapshot('2021-02-03', '2021-03-09')).toMatchObject([{ open: 3, pooled: 1, disqualified: 0 }]);
  expect(await snapshot('2021-03-09')).toMatchObject([{ captured: 3, open: 1, converted: 2, disqualified: 1 }]);
  expect(await snapshot('2021-03-09', '2021-03-31')).toMatchObject([{ captured: 3, open: 1, converted: 1 }]);
});

test('credit stays with those who had it at the event', async () => {
  expect(
    await rows(`select key, label, converted from lead_snapshot(by => 'owner', as_of => '2022-01-01') order by key`),
  ).toEqual([
    { key: 'ada', label: 'Ada', converted: 1 },
    { key: 'bob', label: 'bob', converted: 1 },
    { key: null, label: '(empty)', converted: 0 },
  ]);
  expect(await rows(`select key, n from lead_conversion(from_stage => 'owned', by => 'unit') order by key`)).toEqual([
    { key: 'east', n: 3 },
  ]);
});

test('the funnel counts who got at least as far', async () => {
  expect(await rows(`select * from lead_funnel()`)).toEqual([
    {
      key: 'total',
      label: 'total',
      period: null,
      captured: 4,
      owned: 3,
      qualified: 2,
      converted: 2,
      disqualified: 0,
      owned_share: 0.75,
      qualified_share: 0.5,
      conversion: 0.5,
    },
  ]);
});

test('flow counts every exit, time in stage every visit that ended', async () => {
  expect(
    await rows(`select stage, exits, advanced, regressed, won, lost from lead_flow() order by stage_order`),
  ).toEqual([
    { stage: 'pooled', exits: 5, advanced: 4, regressed: 0, won: 0, lost: 1 },
    { stage: 'owned', exits: 3, advanced: 1, regressed: 1, won: 1, lost: 0 },
    { stage: 'qualified', exits: 1, advanced: 0, regressed: 0, won: 1, lost: 0 },
  ]);
  // Pooled: 1, 1, 2, 1 and -2 days; lead 3 lies there again since 20 March.
  expect(
    await rows(`select stage, n, mean_days, median_days, p75_days, open_n, open_max_days
                from lead_time_in_stage(as_of => '2021-03-30T09:00:00Z') where stage = 'pooled'`),
  ).toEqual([{ stage: 'pooled', n: 5, mean_days: 0.6, median_days: 1, p75_days: 1, open_n: 1, open_max_days: 10 }]);
});

test('an exit that was learned later has not happened before, and its visit is still open', async () => {
  const known = (knownAt: string) =>
    rows(
      `select lost, open_n from lead_flow(as_of => moment('2021-02-28'), known_at => moment($1)) flow
       join lead_time_in_stage(as_of => moment('2021-02-28'), known_at => moment($1)) time using (stage)
       where stage = 'pooled'`,
      knownAt,
    );
  expect(await known('2021-03-09')).toEqual([{ lost: 0, open_n: 1 }]);
  expect(await known('2021-03-10')).toEqual([{ lost: 1, open_n: 0 }]);
});

test('the cycle counts days from capture, also negative ones, and no median of fewer than five', async () => {
  expect(await rows(`select * from lead_cycle(per => 'month') order by period`)).toMatchObject([
    { period: '2021-02', n: 1, mean_days: 46, median_days: null, min_days: 46, le_30: 0, le_90: 1 },
    { period: '2021-03', n: 1, mean_days: -2, negative: 1, le_7: 0 },
  ]);
});

test('every figure opens into rows with the events that made it', async () => {
  expect(
    await rows(
      `select lead_id, entered_event_id, reached_event_id from lead_conversion_rows() where is_reached order by 1`,
    ),
  ).toEqual([
    { lead_id: '1', entered_event_id: 'lead-1@0', reached_event_id: 'lead-1@4' },
    { lead_id: '4', entered_event_id: 'lead-4@0', reached_event_id: 'lead-4@2' },
  ]);
});
