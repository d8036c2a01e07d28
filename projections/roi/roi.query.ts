import { z } from 'zod';
import { asOf, type AnyReport } from '#read-store';
import { count, day, grouped, meanOfMoney, money, question, ratio, text } from '../question.js';

/** What can be asked about the return on campaigns. */
export const roiReports: readonly AnyReport[] = question({
  name: 'roi',
  title: { en: 'Return on campaigns', zh: '营销投资回报' },
  parameters: { by: z.enum(['total', 'campaign', 'source']).optional(), since: day, until: day, ...asOf },
  columns: {
    ...grouped,
    cost: money('Cost', '费用'),
    leads: count('Leads', '线索数'),
    qualified_leads: count('Qualified leads', '合格线索数'),
    won: count('Won', '赢单'),
    won_with_amount: count('Won with amount', '有金额赢单'),
    signed: money('Signed', '签约额'),
    cost_per_lead: meanOfMoney('Cost per lead', '单线索成本'),
    cost_per_qualified_lead: meanOfMoney('Cost per qualified lead', '单合格线索成本'),
    cost_per_won: meanOfMoney('Cost per won', '单赢单成本'),
    roi_signed: ratio('ROI (signed)', '投资回报率（签约）'),
  },
  orderBy: 'leads desc, label, key, currency',
  rows: {
    columns: {
      key: grouped.key,
      counted_as: text('Counted as', '计为'),
      id: text('Id', '编号'),
      amount: money('Amount', '金额'),
      event_id: text('Event', '事件'),
    },
    orderBy: 'counted_as, id',
  },
});
