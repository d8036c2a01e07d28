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
  instant,
  per,
  question,
  ratio,
  text,
  yesNo,
} from '../question.js';

const by = z
  .enum(['total', 'source', 'campaign', 'landing_page', 'first_owner', 'owner', 'unit', 'manager'])
  .optional();
const stage = z.enum(['captured', 'pooled', 'owned', 'qualified', 'converted']).optional();
const exited = { exited_from: day, exited_until: day };

const lead = { key: grouped.key, lead_id: text('Lead', '线索') };
const visit = { ...lead, stage: text('Stage', '阶段'), visit_no: count('Visit', '第几次') };
const capturedBy = text('Captured by event', '捕获事件');
const enteredBy = text('Entered by event', '进入事件');
const exitedBy = text('Left by event', '离开事件');

/** What can be asked about leads. */
export const leadReports: readonly AnyReport[] = [
  question({
    name: 'lead-funnel',
    title: { en: 'Lead funnel', zh: '线索漏斗' },
    parameters: { by, captured_from: day, captured_until: day, per, ...asOf },
    columns: {
      ...grouping,
      captured: count('Captured', '已捕获'),
      owned: count('Owned', '已领取'),
      qualified: count('Qualified', '已合格'),
      converted: count('Converted', '已转化'),
      disqualified: count('Disqualified', '已作废'),
      owned_share: ratio('Owned ÷ captured', '领取率'),
      qualified_share: ratio('Qualified ÷ captured', '合格率'),
      conversion: ratio('Converted ÷ captured', '转化率'),
    },
    orderBy: 'period, captured desc, key',
    rows: {
      columns: {
        ...lead,
        period: grouping.period,
        captured_on: date('Captured on', '捕获日'),
        is_disqualified: yesNo('Disqualified', '已作废'),
        captured_event_id: capturedBy,
        owned_event_id: text('Owned by event', '领取事件'),
        qualified_event_id: text('Qualified by event', '合格事件'),
        converted_event_id: text('Converted by event', '转化事件'),
      },
      orderBy: 'captured_on, lead_id',
    },
  }),
  question({
    name: 'lead-conversion',
    title: { en: 'Lead conversion by cohort', zh: '线索队列转化率' },
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
      n: count('Leads', '线索数'),
      reached: count('Reached', '到达数'),
      conversion: ratio('Conversion', '转化率'),
      matured: count('Matured', '已满观察期'),
      matured_share: ratio('Matured share', '满期占比'),
      is_mature: yesNo('Mature', '观察期已满'),
    },
    orderBy: 'period, n desc, key',
    rows: {
      columns: {
        ...lead,
        period: grouping.period,
        entered_on: date('Entered on', '进入日'),
        reached_on: date('Reached on', '到达日'),
        is_reached: yesNo('Reached', '已到达'),
        is_matured: yesNo('Matured', '已满观察期'),
        entered_event_id: enteredBy,
        reached_event_id: text('Reached by event', '到达事件'),
      },
      orderBy: 'entered_on, lead_id',
    },
  }),
  question({
    name: 'lead-snapshot',
    title: { en: 'Leads as of a day', zh: '某日线索存量' },
    parameters: { by, older_than_days: days, ...asOf },
    columns: {
      ...grouped,
      captured: count('Captured', '已捕获'),
      open: count('Open', '未结束'),
      pooled: count('Pooled', '公海'),
      owned: count('Owned', '已领取'),
      qualified: count('Qualified', '已合格'),
      converted: count('Converted', '已转化'),
      disqualified: count('Disqualified', '已作废'),
      open_older: count('Open and older', '超龄未结束'),
    },
    orderBy: 'captured desc, key',
    rows: {
      columns: {
        ...lead,
        stage: text('Stage', '阶段'),
        is_open: yesNo('Open', '未结束'),
        captured_on: date('Captured on', '捕获日'),
        age_days: count('Age in days', '天数'),
        is_older: yesNo('Older', '超龄'),
        in_stage_since: instant('In stage since', '进入阶段时间'),
        owner_id: text('Owner', '负责人'),
        captured_event_id: capturedBy,
        stage_event_id: enteredBy,
      },
      orderBy: 'captured_on, lead_id',
    },
  }),
  question({
    name: 'lead-flow',
    title: { en: 'How leads left each stage', zh: '线索阶段流量' },
    parameters: { by, ...exited, ...asOf },
    columns: {
      ...grouped,
      stage: text('Stage', '阶段'),
      exits: count('Exits', '离开'),
      advanced: count('Advanced', '推进'),
      regressed: count('Given back', '退回'),
      won: count('Converted', '转化'),
      lost: count('Disqualified', '作废'),
      advance_rate: ratio('Advance rate', '推进率'),
      loss_rate: ratio('Loss rate', '作废率'),
      regress_rate: ratio('Return rate', '退回率'),
    },
    orderBy: 'key, stage_order',
    rows: {
      columns: {
        ...visit,
        exit_kind: text('How', '方式'),
        exited_on: date('Left on', '离开日'),
        entered_event_id: enteredBy,
        exited_event_id: exitedBy,
      },
      orderBy: 'lead_id, visit_no',
    },
  }),
  question({
    name: 'lead-time-in-stage',
    title: { en: 'Time leads spend in each stage', zh: '线索阶段停留时间' },
    parameters: { by, ...exited, summed: flag, ...asOf },
    columns: {
      ...grouped,
      stage: text('Stage', '阶段'),
      n: count('Ended', '已结束'),
      mean_days: figure('Mean days', '平均天数'),
      median_days: figure('Median days', '中位天数'),
      p75_days: figure('P75', 'P75'),
      p90_days: figure('P90', 'P90'),
      open_n: count('Still there', '仍在阶段'),
      open_median_days: figure('Their median days', '当前中位天数'),
      open_max_days: figure('Their longest', '当前最长天数'),
    },
    orderBy: 'key, stage_order',
    rows: {
      columns: {
        ...visit,
        is_open: yesNo('Still there', '仍在阶段'),
        days: figure('Days', '天数'),
        entered_event_id: enteredBy,
        exited_event_id: exitedBy,
      },
      orderBy: 'lead_id, visit_no',
      ignores: ['summed'],
    },
  }),
  question({
    name: 'lead-cycle',
    title: { en: 'Days from capture to conversion', zh: '线索转化周期' },
    parameters: { by, converted_from: day, converted_until: day, per, ...asOf },
    columns: {
      ...grouping,
      n: count('Converted', '转化数'),
      mean_days: figure('Mean days', '平均天数'),
      median_days: figure('Median days', '中位天数'),
      p75_days: figure('P75', 'P75'),
      min_days: count('Shortest', '最短'),
      max_days: count('Longest', '最长'),
      negative: count('Before capture', '早于捕获'),
      le_7: count('≤ 7 days', '7 天内'),
      le_30: count('≤ 30 days', '30 天内'),
      le_90: count('≤ 90 days', '90 天内'),
      gt_180: count('> 180 days', '180 天以上'),
    },
    orderBy: 'period, n desc, key',
    rows: {
      columns: {
        ...lead,
        period: grouping.period,
        captured_on: date('Captured on', '捕获日'),
        converted_on: date('Converted on', '转化日'),
        days: count('Days', '天数'),
        owner_id: text('Owner', '负责人'),
        captured_event_id: capturedBy,
        converted_event_id: text('Converted by event', '转化事件'),
      },
      orderBy: 'converted_on, lead_id',
    },
  }),
].flat();
