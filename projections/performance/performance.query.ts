import { z } from 'zod';
import { asNumber, asOf, type AnyReport } from '#read-store';
import { by } from '../opportunity-funnel/opportunity-funnel.query.js';
import {
  count,
  date,
  day,
  figure,
  flag,
  grouping,
  list,
  meanOfMoney,
  money,
  per,
  question,
  ratio,
  text,
} from '../question.js';

const closed = { closed_from: day, closed_until: day };
const deal = { key: grouping.key, period: grouping.period, opportunity_id: text('Opportunity', '商机') };
const closing = {
  status: text('Status', '状态'),
  opened_on: date('Opened on', '开立日'),
  closed_on: date('Closed on', '关闭日'),
  days: count('Days', '天数'),
};
const events = {
  opened_event_id: text('Opened by event', '开立事件'),
  closing_event_id: text('Closed by event', '关闭事件'),
};

/** What can be asked about results. */
export const performanceReports: readonly AnyReport[] = [
  question({
    name: 'performance',
    title: { en: 'Won, lost and open', zh: '业绩' },
    parameters: { by, ...closed, per, ...asOf },
    columns: {
      ...grouping,
      opportunities: count('Opportunities', '商机数'),
      won: count('Won', '赢单'),
      lost: count('Lost', '输单'),
      abandoned: count('Abandoned', '放弃'),
      open: count('Open', '在谈'),
      win_rate: ratio('Win rate', '赢单率'),
      closed: count('Won + lost', '赢单+输单'),
      revenue: money('Revenue', '成交额'),
      won_with_amount: count('Won with amount', '有金额赢单'),
      mean_won_amount: meanOfMoney('Mean won amount', '平均成交额'),
      median_won_amount: meanOfMoney('Median won amount', '成交额中位数'),
      won_cycle_n: count('Won with days', '有周期赢单'),
      won_cycle_mean_days: figure('Mean days to win', '平均赢单天数'),
      closed_cycle_n: count('Closed with days', '有周期关闭'),
      closed_cycle_mean_days: figure('Mean days to close', '平均关闭天数'),
    },
    orderBy: 'period, revenue desc, label, key, currency',
    rows: {
      columns: {
        ...deal,
        ...closing,
        amount: money('Amount', '金额'),
        customer_id: text('Customer', '客户'),
        product_id: text('Product', '产品'),
        owner_id: text('Owner', '负责人'),
        unit_id: text('Unit', '部门'),
        manager_id: text('Manager', '上级'),
        ...events,
      },
      orderBy: 'closed_on, opportunity_id',
    },
  }),
  question({
    name: 'sales-cycle',
    title: { en: 'Days from opening to closing', zh: '销售周期' },
    parameters: { by, ...closed, per, ...asOf },
    columns: {
      ...grouping,
      outcome: text('Outcome', '结果'),
      n: count('Deals', '单数'),
      mean_days: figure('Mean days', '平均天数'),
      median_days: figure('Median days', '中位天数'),
      p75_days: figure('P75', 'P75'),
      min_days: count('Shortest', '最短'),
      max_days: count('Longest', '最长'),
    },
    orderBy: 'period, label, key, outcome',
    rows: { columns: { ...deal, ...closing, ...events }, orderBy: 'closed_on, opportunity_id' },
  }),
  question({
    name: 'customer-share',
    title: { en: 'Share of the top customers', zh: '头部客户占比' },
    parameters: { top_share: asNumber(z.coerce.number().min(0).max(1)).optional(), roll_up: flag, ...closed, ...asOf },
    columns: {
      customers: count('Customers', '客户数'),
      top_customers: count('Top customers', '头部客户数'),
      revenue: money('Revenue', '成交额'),
      top_revenue: money('Of the top', '头部成交额'),
      share: ratio('Share', '占比'),
      gini: ratio('Gini', '基尼系数'),
    },
    orderBy: 'currency',
    rows: {
      columns: {
        place: count('Place', '名次'),
        customer_id: text('Customer', '客户'),
        label: text('Name', '名称'),
        won: count('Won', '赢单'),
        revenue: money('Revenue', '成交额'),
        cumulative_revenue: money('Cumulative', '累计'),
        cumulative_share: ratio('Cumulative share', '累计占比'),
        closing_event_ids: list('Closed by events', '关闭事件'),
      },
      orderBy: 'currency, place',
      ignores: ['top_share'],
    },
  }),
  question({
    name: 'employees-without-opportunities',
    title: { en: 'Employees who never had an opportunity', zh: '无商机员工' },
    parameters: asOf,
    columns: {
      employee_id: text('Employee', '员工'),
      name: text('Name', '姓名'),
      unit_id: text('Unit', '部门'),
      manager_id: text('Manager', '上级'),
      reports: count('Reports', '下属人数'),
      event_id: text('Hired by event', '入职事件'),
    },
    orderBy: 'name',
  }),
].flat();
