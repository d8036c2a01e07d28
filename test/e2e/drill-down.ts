/** A row as Postgres gives it. */
export type Row = Readonly<Record<string, unknown>>;
export type Figures = Readonly<Record<string, number | string | boolean | null>>;

/** How a metric’s rows make up its figures, counted here once more and without its SQL. */
export interface Metric {
  /** Columns that an answer shares with the rows it counted. */
  readonly by: readonly string[];
  /** What to ask it, beside its dimensions. */
  readonly asked?: readonly string[];
  readonly dimensions?: readonly string[];
  readonly figures: (rows: readonly Row[], answer: Row) => Figures;
}

const where = (rows: readonly Row[], column: string, value: unknown = true) =>
  rows.filter((row) => row[column] === value).length;
const known = (rows: readonly Row[], column: string) => rows.filter((row) => row[column] !== null).length;
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
const numbers = (rows: readonly Row[], column: string) =>
  rows.flatMap((row) => (row[column] === null ? [] : [Number(row[column])]));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => ratio(sum(values), values.length);

/** Interpolated between its two neighbours; nothing is said of fewer than five. */
function percentile(values: readonly number[], share: number): number | null {
  if (values.length < 5) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  return low + ((sorted[Math.ceil(place)] ?? low) - low) * (place - Math.floor(place));
}

const leadDimensions = ['total', 'source', 'campaign', 'first_owner', 'owner', 'unit', 'manager'];
const dealDimensions = ['total', 'owner', 'unit', 'manager', 'product', 'customer', 'industry', 'source', 'campaign'];

const exits = (rows: readonly Row[]): Figures => ({
  exits: rows.length,
  advanced: where(rows, 'exit_kind', 'advance'),
  regressed: where(rows, 'exit_kind', 'regress'),
  won: where(rows, 'exit_kind', 'won'),
  lost: where(rows, 'exit_kind', 'lost'),
  advance_rate: ratio(where(rows, 'exit_kind', 'advance'), rows.length),
  loss_rate: ratio(where(rows, 'exit_kind', 'lost'), rows.length),
  regress_rate: ratio(where(rows, 'exit_kind', 'regress'), rows.length),
});

const conversion = (rows: readonly Row[]): Figures => ({
  n: rows.length,
  reached: where(rows, 'is_reached'),
  conversion: ratio(where(rows, 'is_reached'), rows.length),
  matured: where(rows, 'is_matured'),
  matured_share: ratio(where(rows, 'is_matured'), rows.length),
});

function timeInStage(rows: readonly Row[]): Figures {
  const ended = numbers(
    rows.filter((row) => row['is_open'] === false),
    'days',
  );
  const open = numbers(
    rows.filter((row) => row['is_open'] === true),
    'days',
  );
  return {
    n: ended.length,
    mean_days: mean(ended),
    median_days: percentile(ended, 0.5),
    p75_days: percentile(ended, 0.75),
    p90_days: percentile(ended, 0.9),
    open_n: open.length,
    open_median_days: percentile(open, 0.5),
    open_max_days: open.length === 0 ? null : Math.max(...open),
  };
}

const inCurrency = (rows: readonly Row[], currency: unknown) =>
  numbers(
    rows.filter((row) => row['currency'] === currency && currency !== null),
    'amount',
  );

/** Every metric of `analytics` that has a sibling `…_rows`. */
export const metrics: Readonly<Record<string, Metric>> = {
  lead_snapshot: {
    by: ['key'],
    dimensions: leadDimensions,
    figures: (rows) => ({
      captured: where(rows, 'is_captured'),
      open: where(rows, 'is_open'),
      ...Object.fromEntries(
        ['pooled', 'owned', 'qualified', 'converted', 'disqualified'].map((stage) => [
          stage,
          where(rows, 'stage', stage),
        ]),
      ),
      open_older: where(rows, 'is_older'),
    }),
  },
  lead_funnel: {
    by: ['key', 'period'],
    asked: [`per => 'month'`],
    dimensions: leadDimensions,
    figures: (rows) => ({
      captured: rows.length,
      owned: known(rows, 'owned_event_id'),
      qualified: known(rows, 'qualified_event_id'),
      converted: known(rows, 'converted_event_id'),
      disqualified: where(rows, 'is_disqualified'),
      owned_share: ratio(known(rows, 'owned_event_id'), rows.length),
      qualified_share: ratio(known(rows, 'qualified_event_id'), rows.length),
      conversion: ratio(known(rows, 'converted_event_id'), rows.length),
    }),
  },
  lead_conversion: {
    by: ['key', 'period'],
    asked: [`per => 'quarter'`, 'horizon_days => 30'],
    dimensions: leadDimensions,
    figures: conversion,
  },
  lead_flow: { by: ['key', 'stage'], dimensions: leadDimensions, figures: exits },
  lead_time_in_stage: { by: ['key', 'stage'], dimensions: leadDimensions, figures: timeInStage },
  lead_cycle: {
    by: ['key', 'period'],
    asked: [`per => 'quarter'`],
    dimensions: leadDimensions,
    figures: (rows) => {
      const days = numbers(rows, 'days');
      const within = (least: number, most: number) => days.filter((one) => one >= least && one <= most).length;
      return {
        n: rows.length,
        mean_days: mean(days),
        median_days: percentile(days, 0.5),
        p75_days: percentile(days, 0.75),
        min_days: Math.min(...days),
        max_days: Math.max(...days),
        negative: within(-Infinity, -1),
        le_7: within(0, 7),
        le_30: within(0, 30),
        le_90: within(0, 90),
        gt_180: within(181, Infinity),
      };
    },
  },
  opportunity_snapshot: {
    by: ['key', 'stage_id'],
    dimensions: dealDimensions,
    figures: (rows, { currency }) => ({
      n: rows.length,
      older: where(rows, 'is_older'),
      with_amount: inCurrency(rows, currency).length,
      amount: sum(inCurrency(rows, currency)),
    }),
  },
  opportunity_conversion: {
    by: ['key', 'period'],
    asked: [`per => 'quarter'`, 'horizon_days => 60'],
    dimensions: dealDimensions,
    figures: conversion,
  },
  opportunity_flow: {
    by: ['key', 'stage_id'],
    dimensions: dealDimensions,
    figures: (rows) => ({ ...exits(rows), abandoned: where(rows, 'exit_kind', 'abandoned') }),
  },
  opportunity_time_in_stage: { by: ['key', 'stage_id'], dimensions: dealDimensions, figures: timeInStage },
  performance: {
    by: ['key', 'period'],
    dimensions: dealDimensions,
    figures: (rows, { currency }) => {
      const ofStatus = (...statuses: string[]) => rows.filter((row) => statuses.includes(String(row['status'])));
      const [won, closed] = [ofStatus('won'), ofStatus('won', 'lost')];
      const amounts = inCurrency(won, currency);
      return {
        opportunities: rows.length,
        won: won.length,
        lost: ofStatus('lost').length,
        abandoned: ofStatus('abandoned').length,
        open: ofStatus('open').length,
        closed: closed.length,
        win_rate: ratio(won.length, closed.length),
        won_with_amount: amounts.length,
        revenue: sum(amounts),
        mean_won_amount: mean(amounts),
        median_won_amount: percentile(amounts, 0.5),
        won_cycle_n: known(won, 'days'),
        won_cycle_mean_days: mean(numbers(won, 'days')),
        closed_cycle_n: known(closed, 'days'),
        closed_cycle_mean_days: mean(numbers(closed, 'days')),
      };
    },
  },
  sales_cycle: {
    by: ['key', 'period'],
    dimensions: dealDimensions,
    figures: (rows, { outcome }) => {
      const days = numbers(outcome === 'closed' ? rows : rows.filter((row) => row['status'] === outcome), 'days');
      return {
        n: days.length,
        mean_days: mean(days),
        median_days: percentile(days, 0.5),
        p75_days: percentile(days, 0.75),
        min_days: Math.min(...days),
        max_days: Math.max(...days),
      };
    },
  },
  customer_share: {
    by: ['currency'],
    figures: (rows) => {
      const top = rows.filter((row) => Number(row['place']) <= Math.ceil(0.2 * rows.length));
      return {
        customers: rows.length,
        top_customers: top.length,
        revenue: sum(numbers(rows, 'revenue')),
        top_revenue: sum(numbers(top, 'revenue')),
        share: ratio(sum(numbers(top, 'revenue')), sum(numbers(rows, 'revenue'))),
      };
    },
  },
  roi: {
    by: ['key'],
    dimensions: ['total', 'campaign', 'source'],
    figures: (rows, { currency }) => {
      const as = (kind: string) => rows.filter((row) => row['counted_as'] === kind);
      const cost = Math.round(sum(inCurrency(as('cost'), currency)));
      const signed = inCurrency(as('won'), currency);
      return {
        cost,
        leads: as('lead').length,
        qualified_leads: as('qualified lead').length,
        won: as('won').length,
        won_with_amount: signed.length,
        signed: sum(signed),
        cost_per_lead: ratio(cost, as('lead').length),
        roi_signed: ratio(sum(signed) - cost, cost),
      };
    },
  },
  data_quality: { by: ['finding', 'subject'], figures: (rows) => ({ n: rows.length }) },
};
