create domain roi_dimension as text check (value in ('total', 'campaign', 'source'));
comment on domain roi_dimension is 'By what the return on campaigns is grouped. 投资回报报表的分组维度。';

create function roi_rows(
  by roi_dimension default 'campaign', since date default null, until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (key text, counted_as text, id text, amount numeric, currency text, event_id text)
language sql stable
begin atomic
  with costs as (
    select c.* from campaign_cost c
    where c.occurred_at <= as_of and c.recorded_at <= known_at
      and not coalesce(c.voided_at <= as_of and c.voided_recorded_at <= known_at, false)
      and (since is null or c.booked_for >= since) and (until is null or c.booked_for < until)
  ), sources as (
    select l.campaign_id, l.source, count(*)::numeric / sum(count(*)) over (partition by l.campaign_id) as share
    from leads(as_of, known_at) l
    where by = 'source' and l.campaign_id is not null and l.is_captured
    group by l.campaign_id, l.source
  )
  select case by when 'total' then 'total' else c.campaign_id end, 'cost', c.cost_id, c.amount, c.currency, c.event_id
  from costs c where by <> 'source'
  union all
  select case when s.campaign_id is null then '(no leads)' else s.source end, 'cost', c.cost_id,
    c.amount * coalesce(s.share, 1), c.currency, c.event_id
  from costs c left join sources s on s.campaign_id = c.campaign_id where by = 'source'
  union all
  select r.key, 'lead', r.lead_id, null, null, r.captured_event_id
  from lead_funnel_rows(by::text, since, until, null, as_of, known_at) r
  union all
  select r.key, 'qualified lead', r.lead_id, null, null, r.qualified_event_id
  from lead_funnel_rows(by::text, since, until, null, as_of, known_at) r
  where r.qualified_event_id is not null
  union all
  select r.key, 'won', r.opportunity_id, r.amount, r.currency, r.closing_event_id
  from performance_rows(by::text, since, until, null, as_of, known_at) r
  where r.status = 'won';
end;
comment on function roi_rows is 'The costs, leads and won deals that roi counts. roi 所统计的费用、线索与赢单明细。';

create function roi(
  by roi_dimension default 'campaign', since date default null, until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, currency text, cost bigint, leads bigint, qualified_leads bigint, won bigint,
  won_with_amount bigint, signed bigint, cost_per_lead numeric, cost_per_qualified_lead numeric, cost_per_won numeric,
  roi_signed numeric
) language sql stable
begin atomic
  with counted as (
    select r.* from roi_rows(by, since, until, as_of, known_at) r
  ), counts as (
    select r.key, count(*) filter (where r.counted_as = 'lead') as leads,
      count(*) filter (where r.counted_as = 'qualified lead') as qualified,
      count(*) filter (where r.counted_as = 'won') as won
    from counted r group by r.key
  ), money as (
    select r.key, r.currency, round(coalesce(sum(r.amount) filter (where r.counted_as = 'cost'), 0)) as cost,
      count(*) filter (where r.counted_as = 'won') as won_with_amount,
      coalesce(sum(r.amount) filter (where r.counted_as = 'won'), 0) as signed
    from counted r where r.amount is not null group by r.key, r.currency
  ), figures as (
    select c.key, m.currency, coalesce(m.cost, 0) as cost, c.leads, c.qualified, c.won,
      coalesce(m.won_with_amount, 0) as won_with_amount, coalesce(m.signed, 0) as signed
    from counts c left join money m on m.key is not distinct from c.key
  )
  select f.key, label_of(by, f.key), f.currency, f.cost::bigint, f.leads, f.qualified, f.won, f.won_with_amount,
    f.signed::bigint, ratio(f.cost, f.leads), ratio(f.cost, f.qualified), ratio(f.cost, f.won),
    ratio(f.signed - f.cost, f.cost)
  from figures f;
end;
comment on function roi is
  'M11–M13: cost (booked less voided), cost per lead, per qualified lead and per won deal, and ROI on signed amounts '
  '(signed − cost) ÷ cost, NULL where nothing was spent. Costs count by booked_for, leads by capture, deals by closed_on, each in '
  '[since, until). A deal is credited to the first campaign and the source of its lead. By source, the cost of a campaign is shared '
  'among the sources of its leads by their number. One row per currency; the counts are repeated in each. Amounts are minor units. '
  'M11–M13：费用、单线索成本、单赢单成本与签约口径投资回报率；无费用时为空。按来源时，活动费用按线索数分摊。金额为最小货币单位。';
