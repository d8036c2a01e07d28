create function lead_conversion_rows(
  from_stage lead_stage default 'captured', to_stage lead_stage default 'converted',
  by lead_dimension default 'total', entered_from date default null, entered_until date default null,
  per calendar_period default null, horizon_days int default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, period text, lead_id text, entered_on date, reached_on date, is_reached boolean, is_matured boolean,
  entered_event_id text, reached_event_id text
) language sql stable
begin atomic
  with visits as (
    select v.* from lead_visits(as_of, known_at) v
  ), entered as (
    select distinct on (v.lead_id) v.* from visits v
    where v.stage_order = lead_stage_order(from_stage)
    order by v.lead_id, v.visit_no
  ), reached as (
    select distinct on (v.lead_id) v.lead_id, v.entered_on, v.entered_event_id from visits v
    where v.stage_order >= lead_stage_order(to_stage)
    order by v.lead_id, v.entered_at, v.visit_no
  )
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, e.owner_id, e.unit_id, e.manager_path[1]),
    period_of(e.entered_on, per), e.lead_id, e.entered_on, r.entered_on,
    r.lead_id is not null and (horizon_days is null or coalesce(r.entered_on <= e.entered_on + horizon_days, false)),
    end_of_day(e.entered_on + horizon_days) <= as_of,
    e.entered_event_id, r.entered_event_id
  from entered e
  join leads(as_of, known_at) l on l.lead_id = e.lead_id
  left join reached r on r.lead_id = e.lead_id
  where (entered_from is null or e.entered_on >= entered_from)
    and (entered_until is null or e.entered_on < entered_until)
    and (horizon_days is null or e.entered_on is not null);
end;
comment on function lead_conversion_rows is 'The leads that lead_conversion counts. lead_conversion 所统计的线索明细。';

create function lead_conversion(
  from_stage lead_stage default 'captured', to_stage lead_stage default 'converted',
  by lead_dimension default 'total', entered_from date default null, entered_until date default null,
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
  from lead_conversion_rows(from_stage, to_stage, by, entered_from, entered_until, per, horizon_days, as_of, known_at) r
  group by r.key, r.period;
end;
comment on function lead_conversion is
  'M1 cohort conversion: of the leads that first entered from_stage in [entered_from, entered_until), how many reached to_stage '
  'or a later one, within horizon_days when given (calendar days). Lost leads stay in n. is_mature: the horizon of the whole '
  'period is over; NULL without a horizon or an end of the period. '
  'M1 队列转化率：首次进入某阶段的线索中（在期限内）到达目标或更后阶段的比例；is_mature 表示观察期已满。';

create function lead_flow_rows(
  by lead_dimension default 'total', exited_from date default null, exited_until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, stage text, stage_order int, lead_id text, visit_no int, exit_kind text, exited_on date,
  entered_event_id text, exited_event_id text
) language sql stable
begin atomic
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, v.owner_id, v.unit_id, v.manager_path[1]),
    v.stage, v.stage_order, v.lead_id, v.visit_no, v.exit_kind, v.exited_on,
    v.entered_event_id, v.exited_event_id
  from lead_visits(as_of, known_at) v
  join leads(as_of, known_at) l on l.lead_id = v.lead_id
  where not v.closed and v.exited_at is not null
    and (exited_from is null or v.exited_on >= exited_from) and (exited_until is null or v.exited_on < exited_until);
end;
comment on function lead_flow_rows is 'The exits that lead_flow counts. lead_flow 所统计的离开明细。';

create function lead_flow(
  by lead_dimension default 'total', exited_from date default null, exited_until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, stage text, stage_order int, exits bigint, advanced bigint, regressed bigint,
  won bigint, lost bigint, advance_rate numeric, loss_rate numeric, regress_rate numeric
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), r.stage, r.stage_order, count(*),
    count(*) filter (where r.exit_kind = 'advance'), count(*) filter (where r.exit_kind = 'regress'),
    count(*) filter (where r.exit_kind = 'won'), count(*) filter (where r.exit_kind = 'lost'),
    ratio(count(*) filter (where r.exit_kind = 'advance'), count(*)),
    ratio(count(*) filter (where r.exit_kind = 'lost'), count(*)),
    ratio(count(*) filter (where r.exit_kind = 'regress'), count(*))
  from lead_flow_rows(by, exited_from, exited_until, as_of, known_at) r
  group by r.key, r.stage, r.stage_order;
end;
comment on function lead_flow is
  'M2 period flow: how leads left each stage in [exited_from, exited_until); re-entries count each time; not comparable with M1. '
  'M2 期间流量：期间内线索离开各阶段的方式；重复进入重复计数，不可与 M1 比较。';

create function lead_time_in_stage_rows(
  by lead_dimension default 'total', exited_from date default null, exited_until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, stage text, stage_order int, lead_id text, visit_no int, is_open boolean, days numeric,
  entered_event_id text, exited_event_id text
) language sql stable
begin atomic
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, v.owner_id, v.unit_id, v.manager_path[1]),
    v.stage, v.stage_order, v.lead_id, v.visit_no, v.exited_at is null,
    round((extract(epoch from coalesce(v.exited_at, as_of) - v.entered_at) / 86400)::numeric, 6),
    v.entered_event_id, v.exited_event_id
  from lead_visits(as_of, known_at) v
  join leads(as_of, known_at) l on l.lead_id = v.lead_id
  where not v.closed and v.entered_on is not null and (v.exited_at is null or v.exited_on is not null
    and (exited_from is null or v.exited_on >= exited_from) and (exited_until is null or v.exited_on < exited_until));
end;
comment on function lead_time_in_stage_rows is 'The visits that lead_time_in_stage measures. lead_time_in_stage 所度量的停留明细。';

create function lead_time_in_stage(
  by lead_dimension default 'total', exited_from date default null, exited_until date default null,
  summed boolean default false,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, stage text, stage_order int, n bigint, mean_days numeric, median_days numeric,
  p75_days numeric, p90_days numeric, open_n bigint, open_median_days numeric, open_max_days numeric
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), r.stage, r.stage_order, count(*) filter (where not r.is_open),
    round(avg(r.days) filter (where not r.is_open), 6),
    median(array_agg(r.days) filter (where not r.is_open)),
    percentile(array_agg(r.days) filter (where not r.is_open), 0.75),
    percentile(array_agg(r.days) filter (where not r.is_open), 0.9),
    count(*) filter (where r.is_open),
    median(array_agg(r.days) filter (where r.is_open)),
    max(r.days) filter (where r.is_open)
  from (
    select v.key, v.stage, v.stage_order, sum(v.days) as days, bool_or(v.is_open) as is_open
    from lead_time_in_stage_rows(by, exited_from, exited_until, as_of, known_at) v
    group by v.key, v.stage, v.stage_order, v.lead_id, case when not summed then v.visit_no end
  ) r
  group by r.key, r.stage, r.stage_order;
end;
comment on function lead_time_in_stage is
  'M5 time in stage in days of 24 hours, of the visits that ended in [exited_from, exited_until); per visit, or with summed '
  'all visits of a lead to the stage together; what is still open is left out and given as its age so far (open_…). '
  'M5 阶段停留时间（以 24 小时为一天），按每次停留，或按线索合计（summed）；未结束的不计入，另列当前时长（open_…）。';

create function lead_cycle_rows(
  by lead_dimension default 'total', converted_from date default null, converted_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, period text, lead_id text, captured_on date, converted_on date, days int, owner_id text,
  captured_event_id text, converted_event_id text
) language sql stable
begin atomic
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, v.owner_id, v.unit_id, v.manager_path[1]),
    period_of(v.entered_on, per), l.lead_id, business_day(c.occurred_at), v.entered_on,
    v.entered_on - business_day(c.occurred_at), v.owner_id, c.event_id, v.entered_event_id
  from lead_visits(as_of, known_at) v
  join leads(as_of, known_at) l on l.lead_id = v.lead_id
  join lead_capture c on c.lead_id = v.lead_id and c.is_day_known and c.recorded_at <= known_at
  where v.stage = 'converted' and v.exited_at is null and v.entered_on is not null
    and (converted_from is null or v.entered_on >= converted_from)
    and (converted_until is null or v.entered_on < converted_until);
end;
comment on function lead_cycle_rows is 'The conversions that lead_cycle measures. lead_cycle 所度量的转化明细。';

create function lead_cycle(
  by lead_dimension default 'total', converted_from date default null, converted_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, period text, n bigint, mean_days numeric, median_days numeric, p75_days numeric,
  min_days int, max_days int, negative bigint, le_7 bigint, le_30 bigint, le_90 bigint, gt_180 bigint
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), r.period, count(*), round(avg(r.days), 6), median(array_agg(r.days)),
    percentile(array_agg(r.days), 0.75), min(r.days), max(r.days),
    count(*) filter (where r.days < 0), count(*) filter (where r.days between 0 and 7), count(*) filter (where r.days between 0 and 30),
    count(*) filter (where r.days between 0 and 90), count(*) filter (where r.days > 180)
  from lead_cycle_rows(by, converted_from, converted_until, per, as_of, known_at) r
  group by r.key, r.period;
end;
comment on function lead_cycle is
  'Days from capture to conversion (calendar days in the reporting zone) of the leads converted in [converted_from, converted_until); '
  'le_7 counts 0 to 7 days, and so on; conversions dated before the capture stand under negative. '
  '从捕获到转化的天数（报表时区的日历日）；早于捕获的计入 negative。';
