create function opportunity_conversion_rows(
  from_stage text default null, to_stage text default 'won',
  by deal_dimension default 'total', entered_from date default null, entered_until date default null,
  per calendar_period default null, horizon_days int default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, period text, opportunity_id text, entered_on date, reached_on date, is_reached boolean, is_matured boolean,
  entered_event_id text, reached_event_id text
) language sql stable
begin atomic
  with entered as (
    select distinct on (v.opportunity_id) v.* from opportunity_visits(as_of, known_at) v
    where from_stage is null or v.stage_id = from_stage
    order by v.opportunity_id, v.visit_no
  ), targets as (
    select s.process_id, s.version, s.order_index from process_stage s where s.stage_id = to_stage
  ), arrivals as (
    select v.opportunity_id, v.entered_at, v.entered_on, v.entered_event_id
    from opportunity_visits(as_of, known_at) v
    join opportunity o on o.opportunity_id = v.opportunity_id
    left join targets t on t.process_id = o.process_id and t.version = o.process_version
    where v.stage_id = to_stage or v.stage_order >= t.order_index
    union all
    select c.opportunity_id, c.occurred_at, c.closed_on, c.event_id from closings(as_of, known_at) c
    where c.outcome = 'won'
  ), reached as (
    select distinct on (r.opportunity_id) r.* from arrivals r order by r.opportunity_id, r.entered_at
  )
  select deal_key(by, e.owner_id, e.unit_id, e.manager_path[1], o.product_id, o.series, o.customer_id, o.parent_id,
      o.industry, o.country, o.source, o.campaign_id, o.process_id),
    period_of(e.entered_on, per), e.opportunity_id, e.entered_on, r.entered_on,
    r.opportunity_id is not null
      and (horizon_days is null or coalesce(r.entered_on <= e.entered_on + horizon_days, false)),
    end_of_day(e.entered_on + horizon_days) <= as_of,
    e.entered_event_id, r.entered_event_id
  from entered e
  join opportunities(as_of, known_at) o on o.opportunity_id = e.opportunity_id
  left join reached r on r.opportunity_id = e.opportunity_id
  where (entered_from is null or e.entered_on >= entered_from)
    and (entered_until is null or e.entered_on < entered_until)
    and (horizon_days is null or e.entered_on is not null);
end;
comment on function opportunity_conversion_rows is
  'The opportunities that opportunity_conversion counts. opportunity_conversion 所统计的商机明细。';

create function opportunity_conversion(
  from_stage text default null, to_stage text default 'won',
  by deal_dimension default 'total', entered_from date default null, entered_until date default null,
  per calendar_period default null, horizon_days int default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, period text, n bigint, reached bigint, conversion numeric,
  matured bigint, matured_share numeric, is_mature boolean
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), r.period, count(*), count(*) filter (where r.is_reached),
    ratio(count(*) filter (where r.is_reached), count(*)),
    case when horizon_days is not null then count(*) filter (where r.is_matured) end,
    case when horizon_days is not null then ratio(count(*) filter (where r.is_matured), count(*)) end,
    end_of_day(least(period_end(min(r.entered_on), per), entered_until) - 1 + horizon_days) <= as_of
  from opportunity_conversion_rows(from_stage, to_stage, by, entered_from, entered_until, per, horizon_days, as_of, known_at) r
  group by r.key, r.period;
end;
comment on function opportunity_conversion is
  'M1 and M7 cohort conversion: of the opportunities that first entered from_stage (absent: their first stage) in '
  '[entered_from, entered_until), how many reached to_stage, a later one or a win that still stands, within horizon_days when given '
  '(calendar days). Lost ones stay in n. is_mature: the horizon of the whole period is over; NULL without a horizon or an end of the period. '
  'M1、M7 队列转化率：首次进入某阶段的商机中（在期限内）到达目标、更后阶段或赢单的比例；is_mature 表示观察期已满。';

create function opportunity_flow_rows(
  by deal_dimension default 'total', exited_from date default null, exited_until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, stage_id text, stage_name text, stage_order int, opportunity_id text, visit_no int, exit_kind text,
  exited_on date, entered_event_id text, exited_event_id text
) language sql stable
begin atomic
  select deal_key(by, v.owner_id, v.unit_id, v.manager_path[1], o.product_id, o.series, o.customer_id, o.parent_id,
      o.industry, o.country, o.source, o.campaign_id, o.process_id),
    v.stage_id, v.stage_name, v.stage_order, v.opportunity_id, v.visit_no, v.exit_kind, v.exited_on,
    v.entered_event_id, v.exited_event_id
  from opportunity_visits(as_of, known_at) v
  join opportunities(as_of, known_at) o on o.opportunity_id = v.opportunity_id
  where v.exited_at is not null
    and (exited_from is null or v.exited_on >= exited_from) and (exited_until is null or v.exited_on < exited_until);
end;
comment on function opportunity_flow_rows is 'The exits that opportunity_flow counts. opportunity_flow 所统计的离开明细。';

create function opportunity_flow(
  by deal_dimension default 'total', exited_from date default null, exited_until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, stage_id text, stage_name text, stage_order int, exits bigint, advanced bigint,
  regressed bigint, won bigint, lost bigint, abandoned bigint, advance_rate numeric, loss_rate numeric, regress_rate numeric
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), r.stage_id, max(r.stage_name), max(r.stage_order), count(*),
    count(*) filter (where r.exit_kind = 'advance'), count(*) filter (where r.exit_kind = 'regress'),
    count(*) filter (where r.exit_kind = 'won'), count(*) filter (where r.exit_kind = 'lost'),
    count(*) filter (where r.exit_kind = 'abandoned'),
    ratio(count(*) filter (where r.exit_kind = 'advance'), count(*)),
    ratio(count(*) filter (where r.exit_kind = 'lost'), count(*)),
    ratio(count(*) filter (where r.exit_kind = 'regress'), count(*))
  from opportunity_flow_rows(by, exited_from, exited_until, as_of, known_at) r
  group by r.key, r.stage_id;
end;
comment on function opportunity_flow is
  'M2 period flow: how opportunities left each stage in [exited_from, exited_until); re-entries count each time; not comparable with M1. '
  'M2 期间流量：期间内商机离开各阶段的方式；重复进入重复计数，不可与 M1 比较。';

create function opportunity_time_in_stage_rows(
  by deal_dimension default 'total', exited_from date default null, exited_until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, stage_id text, stage_name text, stage_order int, opportunity_id text, visit_no int, is_open boolean,
  days numeric, entered_event_id text, exited_event_id text
) language sql stable
begin atomic
  select deal_key(by, v.owner_id, v.unit_id, v.manager_path[1], o.product_id, o.series, o.customer_id, o.parent_id,
      o.industry, o.country, o.source, o.campaign_id, o.process_id),
    v.stage_id, v.stage_name, v.stage_order, v.opportunity_id, v.visit_no, v.exited_at is null,
    round((extract(epoch from coalesce(v.exited_at, as_of) - v.entered_at) / 86400)::numeric, 6),
    v.entered_event_id, v.exited_event_id
  from opportunity_visits(as_of, known_at) v
  join opportunities(as_of, known_at) o on o.opportunity_id = v.opportunity_id
  where v.entered_on is not null and (v.exited_at is null or v.exited_on is not null
    and (exited_from is null or v.exited_on >= exited_from) and (exited_until is null or v.exited_on < exited_until));
end;
comment on function opportunity_time_in_stage_rows is
  'The visits that opportunity_time_in_stage measures. opportunity_time_in_stage 所度量的停留明细。';

create function opportunity_time_in_stage(
  by deal_dimension default 'total', exited_from date default null, exited_until date default null,
  summed boolean default false,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, stage_id text, stage_name text, stage_order int, n bigint, mean_days numeric,
  median_days numeric, p75_days numeric, p90_days numeric, open_n bigint, open_median_days numeric, open_max_days numeric
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), r.stage_id, max(r.stage_name), max(r.stage_order),
    count(*) filter (where not r.is_open), round(avg(r.days) filter (where not r.is_open), 6),
    median(array_agg(r.days) filter (where not r.is_open)),
    percentile(array_agg(r.days) filter (where not r.is_open), 0.75),
    percentile(array_agg(r.days) filter (where not r.is_open), 0.9),
    count(*) filter (where r.is_open),
    median(array_agg(r.days) filter (where r.is_open)),
    max(r.days) filter (where r.is_open)
  from (
    select v.key, v.stage_id, max(v.stage_name) as stage_name, max(v.stage_order) as stage_order,
      sum(v.days) as days, bool_or(v.is_open) as is_open
    from opportunity_time_in_stage_rows(by, exited_from, exited_until, as_of, known_at) v
    group by v.key, v.stage_id, v.opportunity_id, case when not summed then v.visit_no end
  ) r
  group by r.key, r.stage_id;
end;
comment on function opportunity_time_in_stage is
  'M5 time in stage in days of 24 hours, of the visits that ended in [exited_from, exited_until); per visit, or with summed '
  'all visits of an opportunity to the stage together; what is still open is left out and given as its age so far (open_…). '
  'M5 阶段停留时间（以 24 小时为一天），按每次停留，或按商机合计（summed）；未结束的不计入，另列当前时长（open_…）。';
