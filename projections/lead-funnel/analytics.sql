create domain lead_stage as text check (value in ('captured', 'pooled', 'owned', 'qualified', 'converted'));
comment on domain lead_stage is 'captured and pooled are the same, the first stage. 线索阶段；captured 与 pooled 同为首个阶段。';

create domain lead_dimension as text check (
  value in ('total', 'source', 'campaign', 'landing_page', 'first_owner', 'owner', 'unit', 'manager')
);
comment on domain lead_dimension is
  'By what lead reports group their rows; first_owner: who was the first to own the lead. 线索报表的分组维度。';

create function lead_stage_order(stage text) returns int language sql immutable
begin atomic
  select case stage
    when 'captured' then 1 when 'pooled' then 1 when 'owned' then 2 when 'qualified' then 3 when 'converted' then 4
  end;
end;
comment on function lead_stage_order is 'The place of a stage in the funnel; disqualified has none. 阶段顺序。';

create view lead_visit as
select lead_id, visit_no, false as closed, stage, lead_stage_order(stage) as stage_order,
  owner_id, unit_id, manager_path, entered_at, entered_recorded_at, entered_event_id,
  exit_kind, exited_at, exited_recorded_at, exited_event_id
from lead_stage_interval
union all
select lead_id, visit_no, true, outcome, lead_stage_order(outcome),
  owner_id, unit_id, manager_path, occurred_at, recorded_at, event_id,
  case when voided_at is not null then 'voided' end, voided_at, voided_recorded_at, voided_event_id
from lead_closing;
comment on view lead_visit is
  'Every stay of a lead in a stage, its end included: converted and disqualified are left only by reopening. '
  '线索在各阶段（含结束状态）的每次停留。';

create function lead_visits(as_of timestamptz default now(), known_at timestamptz default now())
returns table (
  lead_id text, visit_no int, closed boolean, stage text, stage_order int,
  owner_id text, unit_id text, manager_path text[],
  entered_at timestamptz, entered_event_id text,
  exit_kind text, exited_at timestamptz, exited_event_id text
) language sql stable
begin atomic
  select v.lead_id, v.visit_no, v.closed, v.stage, v.stage_order, v.owner_id, v.unit_id, v.manager_path,
    v.entered_at, v.entered_event_id,
    case when past.ended then v.exit_kind end,
    case when past.ended then v.exited_at end,
    case when past.ended then v.exited_event_id end
  from lead_visit v
  cross join lateral (select v.exited_at <= as_of and v.exited_recorded_at <= known_at as ended) past
  where v.entered_at <= as_of and v.entered_recorded_at <= known_at;
end;
comment on function lead_visits is
  'The visits that had begun by as_of and were known at known_at; an end that came or was learned later is not seen. '
  '截至 as_of 且在 known_at 已知的阶段停留；之后发生或得知的结束不可见。';

create function leads(as_of timestamptz default now(), known_at timestamptz default now())
returns table (
  lead_id text, source text, campaign_id text, landing_page text,
  captured_on date, captured_event_id text,
  stage text, stage_order int, is_open boolean, in_stage_since timestamptz, stage_event_id text,
  owner_id text, unit_id text, manager_id text, first_owner_id text
) language sql stable
begin atomic
  with present as (
    select distinct on (v.lead_id) v.* from lead_visits(as_of, known_at) v
    order by v.lead_id, v.visit_no desc, v.closed desc
  ), owned as (
    select o.* from lead_ownership_interval o
    where o.entered_at <= as_of and o.entered_recorded_at <= known_at
  ), last_owner as (
    select distinct on (o.lead_id) o.lead_id, o.owner_id, o.unit_id, o.manager_path from owned o
    where not coalesce(o.exited_at <= as_of and o.exited_recorded_at <= known_at, false)
    order by o.lead_id, o.visit_no desc
  ), first_owner as (
    select distinct on (o.lead_id) o.lead_id, o.owner_id from owned o order by o.lead_id, o.visit_no
  )
  select p.lead_id, c.source, c.campaign_id, c.landing_page,
    case when seen.captured then business_day(c.occurred_at) end, c.event_id,
    p.stage, p.stage_order, not p.closed, p.entered_at, p.entered_event_id,
    coalesce(l.owner_id, case when p.closed then p.owner_id end),
    case when l.owner_id is null and p.closed then p.unit_id else l.unit_id end,
    case when l.owner_id is null and p.closed then p.manager_path[1] else l.manager_path[1] end,
    f.owner_id
  from present p
  join lead_capture c on c.lead_id = p.lead_id
  cross join lateral (select c.occurred_at <= as_of and c.recorded_at <= known_at as captured) seen
  left join last_owner l on l.lead_id = p.lead_id
  left join first_owner f on f.lead_id = p.lead_id;
end;
comment on function leads is
  'Every lead with the stage and owner it had as of a moment; the owner of a closed lead is who got the credit. '
  '某一时刻每条线索所处的阶段与负责人。';

create function lead_key(
  by text, source text, campaign_id text, landing_page text,
  first_owner_id text, owner_id text, unit_id text, manager_id text
) returns text language sql immutable
begin atomic
  select case by
    when 'total' then 'total' when 'source' then source when 'campaign' then campaign_id
    when 'landing_page' then landing_page when 'first_owner' then first_owner_id
    when 'owner' then owner_id when 'unit' then unit_id when 'manager' then manager_id
  end;
end;
comment on function lead_key is 'The key of a row in lead reports. 线索报表的行键。';

create function lead_snapshot_rows(
  by lead_dimension default 'total', older_than_days int default 60,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, lead_id text, stage text, is_open boolean, captured_on date, age_days int, is_older boolean,
  in_stage_since timestamptz, owner_id text, captured_event_id text, stage_event_id text
) language sql stable
begin atomic
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, l.owner_id, l.unit_id, l.manager_id),
    l.lead_id, l.stage, l.is_open, l.captured_on, business_day(as_of) - l.captured_on,
    l.is_open and business_day(as_of) - l.captured_on > older_than_days,
    l.in_stage_since, l.owner_id, l.captured_event_id, l.stage_event_id
  from leads(as_of, known_at) l;
end;
comment on function lead_snapshot_rows is 'The leads that lead_snapshot counts. lead_snapshot 所统计的线索明细。';

create function lead_snapshot(
  by lead_dimension default 'total', older_than_days int default 60,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, captured bigint, open bigint, pooled bigint, owned bigint, qualified bigint,
  converted bigint, disqualified bigint, open_older bigint
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), count(r.captured_on),
    count(*) filter (where r.is_open), count(*) filter (where r.stage = 'pooled'),
    count(*) filter (where r.stage = 'owned'), count(*) filter (where r.stage = 'qualified'),
    count(*) filter (where r.stage = 'converted'), count(*) filter (where r.stage = 'disqualified'),
    count(*) filter (where r.is_older)
  from lead_snapshot_rows(by, older_than_days, as_of, known_at) r
  group by r.key;
end;
comment on function lead_snapshot is
  'M3: how many leads lay in each stage as of a moment; open_older: open ones captured more than older_than_days before that day. '
  'M3：某一时刻各阶段的线索数；open_older 为捕获超过指定天数仍未结束的线索。';

create function lead_funnel_rows(
  by lead_dimension default 'total', captured_from date default null, captured_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, period text, lead_id text, captured_on date, owned_on date, qualified_on date, converted_on date,
  disqualified_on date, captured_event_id text, owned_event_id text, qualified_event_id text, converted_event_id text
) language sql stable
begin atomic
  with reached as (
    select v.lead_id,
      min(v.entered_at) filter (where v.stage_order >= 2) as owned_at,
      (array_agg(v.entered_event_id order by v.entered_at, v.visit_no) filter (where v.stage_order >= 2))[1] as owned_event,
      min(v.entered_at) filter (where v.stage_order >= 3) as qualified_at,
      (array_agg(v.entered_event_id order by v.entered_at, v.visit_no) filter (where v.stage_order >= 3))[1] as qualified_event,
      min(v.entered_at) filter (where v.stage_order >= 4) as converted_at,
      (array_agg(v.entered_event_id order by v.entered_at, v.visit_no) filter (where v.stage_order >= 4))[1] as converted_event
    from lead_visits(as_of, known_at) v
    group by v.lead_id
  )
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, l.owner_id, l.unit_id, l.manager_id),
    period_of(l.captured_on, per), l.lead_id, l.captured_on,
    business_day(r.owned_at), business_day(r.qualified_at), business_day(r.converted_at),
    case when l.stage = 'disqualified' then business_day(l.in_stage_since) end,
    l.captured_event_id, r.owned_event, r.qualified_event, r.converted_event
  from leads(as_of, known_at) l
  join reached r on r.lead_id = l.lead_id
  where l.captured_on >= coalesce(captured_from, '-infinity') and l.captured_on < coalesce(captured_until, 'infinity');
end;
comment on function lead_funnel_rows is 'The leads that lead_funnel counts. lead_funnel 所统计的线索明细。';

create function lead_funnel(
  by lead_dimension default 'total', captured_from date default null, captured_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, period text, captured bigint, owned bigint, qualified bigint, converted bigint,
  disqualified bigint, owned_share numeric, qualified_share numeric, conversion numeric
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), r.period, count(*), count(r.owned_on), count(r.qualified_on), count(r.converted_on),
    count(r.disqualified_on), ratio(count(r.owned_on), count(*)), ratio(count(r.qualified_on), count(*)),
    ratio(count(r.converted_on), count(*))
  from lead_funnel_rows(by, captured_from, captured_until, per, as_of, known_at) r
  group by r.key, r.period;
end;
comment on function lead_funnel is
  'Leads captured in [captured_from, captured_until) and how many of them reached each stage or a later one, whenever that was; '
  'shares are of the captured ones, lost leads stay among them. '
  '某期间捕获的线索到达各阶段（或更后阶段）的数量与占比；流失线索保留在分母中。';

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
    select v.*, business_day(v.entered_at) as entered_on from lead_visits(as_of, known_at) v
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
    coalesce(r.entered_on <= coalesce(e.entered_on + horizon_days, 'infinity'), false),
    end_of_day(e.entered_on + horizon_days) <= as_of,
    e.entered_event_id, r.entered_event_id
  from entered e
  join leads(as_of, known_at) l on l.lead_id = e.lead_id
  left join reached r on r.lead_id = e.lead_id
  where e.entered_on >= coalesce(entered_from, '-infinity') and e.entered_on < coalesce(entered_until, 'infinity');
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
    v.stage, v.stage_order, v.lead_id, v.visit_no, v.exit_kind, business_day(v.exited_at),
    v.entered_event_id, v.exited_event_id
  from lead_visits(as_of, known_at) v
  join leads(as_of, known_at) l on l.lead_id = v.lead_id
  where not v.closed and business_day(v.exited_at) >= coalesce(exited_from, '-infinity')
    and business_day(v.exited_at) < coalesce(exited_until, 'infinity');
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
  where not v.closed and (v.exited_at is null or (
    business_day(v.exited_at) >= coalesce(exited_from, '-infinity')
    and business_day(v.exited_at) < coalesce(exited_until, 'infinity')));
end;
comment on function lead_time_in_stage_rows is 'The visits that lead_time_in_stage measures. lead_time_in_stage 所度量的停留明细。';

create function lead_time_in_stage(
  by lead_dimension default 'total', exited_from date default null, exited_until date default null,
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
  from lead_time_in_stage_rows(by, exited_from, exited_until, as_of, known_at) r
  group by r.key, r.stage, r.stage_order;
end;
comment on function lead_time_in_stage is
  'M5 time in stage per visit, in days of 24 hours, of the visits that ended in [exited_from, exited_until); '
  'open visits are left out of these figures and given as their age so far (open_…). '
  'M5 阶段停留时间（每次停留，以 24 小时为一天）；未结束的停留不计入，另列当前时长（open_…）。';

create function lead_cycle_rows(
  by lead_dimension default 'total', converted_from date default null, converted_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, period text, lead_id text, captured_on date, converted_on date, days int, owner_id text,
  captured_event_id text, converted_event_id text
) language sql stable
begin atomic
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, v.owner_id, v.unit_id, v.manager_path[1]),
    period_of(closing.converted_on, per), l.lead_id, business_day(c.occurred_at), closing.converted_on,
    closing.converted_on - business_day(c.occurred_at), v.owner_id, c.event_id, v.entered_event_id
  from lead_visits(as_of, known_at) v
  cross join lateral (select business_day(v.entered_at) as converted_on) closing
  join leads(as_of, known_at) l on l.lead_id = v.lead_id
  join lead_capture c on c.lead_id = v.lead_id and c.recorded_at <= known_at
  where v.stage = 'converted' and v.exited_at is null
    and closing.converted_on >= coalesce(converted_from, '-infinity')
    and closing.converted_on < coalesce(converted_until, 'infinity');
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
    count(*) filter (where r.days < 0), count(*) filter (where r.days <= 7), count(*) filter (where r.days <= 30),
    count(*) filter (where r.days <= 90), count(*) filter (where r.days > 180)
  from lead_cycle_rows(by, converted_from, converted_until, per, as_of, known_at) r
  group by r.key, r.period;
end;
comment on function lead_cycle is
  'Days from capture to conversion (calendar days in the reporting zone) of the leads converted in [converted_from, converted_until). '
  '从捕获到转化的天数（报表时区的日历日）。';
