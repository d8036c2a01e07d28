import { z } from 'zod';
import { asOf, type AnyReport } from '#read-store';
import {
  count,
  date,
  day,
  days,
  figure,
  flag,
  grouped,
  grouping,
  money,
  per,
  question,
  ratio,
  text,
  yesNo,
} from '../question.js';

const dimensions = [
  ...(['total', 'owner', 'unit', 'manager', 'product', 'series', 'customer', 'parent', 'industry', 'country'] as const),
  ...(['source', 'campaign', 'process'] as const),
] as const;

/** By what reports on opportunities group their rows. */
export const by = z.enum(dimensions).optional();
const stage = z
  .string()
  .regex(/^\S{1,100}$/, 'expected the id of a stage')
  .optional();
const exited = { exited_from: day, exited_until: day };

const opportunity = { key: grouped.key, opportunity_id: text('Opportunity', '商机') };
const stageName = { stage_name: text('Stage', '阶段') };
const visit = { ...opportunity, ...stageName, visit_no: count('Visit', '第几次') };
const enteredBy = text('Entered by event', '进入事件');
const exitedBy = text('Left by event', '离开事件');

/** What can be asked about opportunities on their way. */
export const opportunityReports: readonly AnyReport[] = [
  question({
    name: 'opportunity-snapshot',
    title: { en: 'Opportunities as of a day', zh: '某日商机存量' },
    parameters: { by, older_than_days: days, ...asOf },
    columns: {
      ...grouped,
      ...stageName,
      is_open: yesNo('Open', '在谈'),
      n: count('Opportunities', '商机数'),
      older: count('Older', '超龄'),
      with_amount: count('With amount', '有金额'),
      amount: money('Amount', '金额'),
    },
    orderBy: 'key, is_open desc, stage_order, stage_name, currency',
    rows: {
      columns: {
        ...opportunity,
        ...stageName,
        status: text('Status', '状态'),
        opened_on: date('Opened on', '开立日'),
        age_days: count('Age in days', '天数'),
        is_older: yesNo('Older', '超龄'),
        amount: money('Amount', '金额'),
        owner_id: text('Owner', '负责人'),
        opened_event_id: text('Opened by event', '开立事件'),
        stage_event_id: enteredBy,
      },
      orderBy: 'opened_on, opportunity_id',
    },
  }),
  question({
    name: 'opportunity-conversion',
    title: { en: 'Opportunity conversion by cohort', zh: '商机队列转化率' },
    parameters: {
      from_stage: stage,
      to_stage: stage,
      by,
      entered_from: day,
      entered_until: day,
      per,
      horizon_days: days,
      ...asOf,
    },
    columns: {
      ...grouping,
      n: count('Opportunities', '商机数'),
      reached: count('Reached', '到达数'),
      conversion: ratio('Conversion', '转化率'),
      matured: count('Matured', '已满观察期'),
      matured_share: ratio('Matured share', '满期占比'),
      is_mature: yesNo('Mature', '观察期已满'),
    },
    orderBy: 'period, n desc, key',
    rows: {
      columns: {
        ...opportunity,
        period: grouping.period,
        entered_on: date('Entered on', '进入日'),
        reached_on: date('Reached on', '到达日'),
        is_reached: yesNo('Reached', '已到达'),
        is_matured: yesNo('Matured', '已满观察期'),
        entered_event_id: enteredBy,
        reached_event_id: text('Reached by event', '到达事件'),
      },
      orderBy: 'entered_on, opportunity_id',
    },
  }),
  question({
    name: 'opportunity-flow',
    title: { en: 'How opportunities left each stage', zh: '商机阶段流量' },
    parameters: { by, ...exited, ...asOf },
    columns: {
      ...grouped,
      ...stageName,
      exits: count('Exits', '离开'),
      advanced: count('Advanced', '推进'),
      regressed: count('Regressed', '退回'),
      won: count('Won', '赢单'),
      lost: count('Lost', '输单'),
      abandoned: count('Abandoned', '放弃'),
      advance_rate: ratio('Advance rate', '推进率'),
      loss_rate: ratio('Loss rate', '输单率'),
      regress_rate: ratio('Regress rate', '退回率'),
    },
    orderBy: 'key, stage_order, stage_id',
    rows: {
      columns: {
        ...visit,
        exit_kind: text('How', '方式'),
        exited_on: date('Left on', '离开日'),
        entered_event_id: enteredBy,
        exited_event_id: exitedBy,
      },
      orderBy: 'opportunity_id, visit_no',
    },
  }),
  question({
    name: 'opportunity-time-in-stage',
    title: { en: 'Time opportunities spend in each stage', zh: '商机阶段停留时间' },
    parameters: { by, ...exited, summed: flag, ...asOf },
    columns: {
      ...grouped,
      ...stageName,
      n: count('Ended', '已结束'),
      mean_days: figure('Mean days', '平均天数'),
      median_days: figure('Median days', '中位天数'),
      p75_days: figure('P75', 'P75'),
      p90_days: figure('P90', 'P90'),
      open_n: count('Still there', '仍在阶段'),
      open_median_days: figure('Their median days', '当前中位天数'),
      open_max_days: figure('Their longest', '当前最长天数'),
    },
    orderBy: 'key, stage_order, stage_id',
    rows: {
      columns: {
        ...visit,
        is_open: yesNo('Still there', '仍在阶段'),
        days: figure('Days', '天数'),
        entered_event_id: enteredBy,
        exited_event_id: exitedBy,
      },
      orderBy: 'opportunity_id, visit_no',
      ignores: ['summed'],
    },
  }),
].flat();
