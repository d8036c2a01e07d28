import type { View } from '../report/table.js';

/** One report that the demo prints, under the key that it has in `--json`. */
export interface Figure {
  readonly key: string;
  readonly report: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly view?: View;
}

const figure = (key: string, report: string, parameters: Figure['parameters'], view?: View): Figure => ({
  key,
  report,
  parameters,
  view,
});

const results = ['label', 'opportunities', 'won', 'lost', 'open', 'win_rate', 'revenue'];
const leads = ['label', 'captured', 'owned', 'qualified', 'converted', 'conversion'];

/** What a sales director asks first; every figure opens into the rows and events that it counted. */
export const FIGURES: readonly Figure[] = [
  figure('leads_total', 'lead-funnel', {}, { columns: leads }),
  figure('leads_by_source', 'lead-funnel', { by: 'source' }, { columns: leads, bar: 'captured' }),
  figure(
    'leads_by_month',
    'lead-funnel',
    { per: 'month' },
    { columns: ['period', ...leads.slice(1)], bar: 'captured' },
  ),
  figure('leads_by_first_owner', 'lead-funnel', { by: 'first_owner' }, { columns: leads, bar: 'captured' }),
  figure('lead_cycle', 'lead-cycle', {}),
  figure('opportunities_by_stage', 'opportunity-snapshot', {}, { bar: 'n' }),
  figure('opportunities_by_customer_and_stage', 'opportunity-snapshot', { by: 'customer' }, { rows: 10 }),
  figure('time_in_stage', 'opportunity-time-in-stage', {}),
  figure(
    'roi_by_campaign',
    'roi',
    { by: 'campaign' },
    { columns: ['label', 'cost', 'leads', 'won', 'signed', 'cost_per_lead', 'cost_per_won', 'roi_signed'] },
  ),
  figure(
    'roi_by_source',
    'roi',
    { by: 'source' },
    { columns: ['label', 'cost', 'leads', 'won', 'signed', 'cost_per_lead', 'cost_per_won', 'roi_signed'] },
  ),
  figure(
    'roi_total',
    'roi',
    { by: 'total' },
    { columns: ['cost', 'leads', 'won', 'signed', 'cost_per_lead', 'cost_per_won', 'roi_signed'] },
  ),
  figure('performance_total', 'performance', {}, { columns: results.slice(1) }),
  figure('performance_by_unit', 'performance', { by: 'unit' }, { columns: results, bar: 'revenue' }),
  figure('performance_by_manager', 'performance', { by: 'manager' }, { columns: results, bar: 'revenue' }),
  figure('performance_by_employee', 'performance', { by: 'owner' }, { columns: results, bar: 'revenue' }),
  figure('performance_by_product', 'performance', { by: 'product' }, { columns: results, bar: 'revenue' }),
  figure(
    'performance_by_quarter',
    'performance',
    { per: 'quarter' },
    { columns: ['period', 'won', 'lost', 'win_rate', 'revenue'], bar: 'revenue' },
  ),
  figure(
    'performance_by_month',
    'performance',
    { per: 'month' },
    { columns: ['period', 'won', 'lost', 'win_rate', 'revenue'], bar: 'revenue' },
  ),
  figure('performance_by_customer', 'performance', { by: 'customer' }, { columns: results, bar: 'revenue' }),
  figure('sales_cycle', 'sales-cycle', {}),
  figure('customer_share', 'customer-share', { top_share: '0.2' }),
  figure('employees_without_opportunities', 'employees-without-opportunities', {}, { columns: ['name', 'reports'] }),
  figure('data_quality', 'data-quality', {}, { rows: 5 }),
];
