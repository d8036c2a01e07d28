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
  owner_id, unit_id, manager_path, is_entry_known, entered_at, entered_recorded_at, entered_event_id,
  exit_kind, is_exit_known, exited_at, exited_recorded_at, exited_event_id
from lead_stage_interval
union all
select lead_id, visit_no, true, outcome, lead_stage_order(outcome),
  owner_id, unit_id, manager_path, is_day_known, occurred_at, recorded_at, event_id,
  case when voided_at is not null then 'voided' end, null, voided_at, voided_recorded_at, voided_event_id
from lead_closing;
comment on view lead_visit is
  'Every stay of a lead in a stage, its end included: converted and disqualified are left only by reopening. '
  '线索在各阶段（含结束状态）的每次停留。';

create function lead_visits(as_of timestamptz default now(), known_at timestamptz default now())
returns table (
  lead_id text, visit_no int, closed boolean, stage text, stage_order int,
  owner_id text, unit_id text, manager_path text[],
  entered_at timestamptz, entered_on date, entered_event_id text,
  exit_kind text, exited_at timestamptz, exited_on date, exited_event_id text
) language sql stable rows 100000 set enable_nestloop = off
begin atomic
  select v.lead_id, v.visit_no, v.closed, v.stage, v.stage_order, v.owner_id, v.unit_id, v.manager_path,
    v.entered_at, case when v.is_entry_known then business_day(v.entered_at) end, v.entered_event_id,
    case when past.ended then v.exit_kind end,
    case when past.ended then v.exited_at end,
    case when past.ended and v.is_exit_known then business_day(v.exited_at) end,
    case when past.ended then v.exited_event_id end
  from lead_visit v
  cross join lateral (select v.exited_at <= as_of and v.exited_recorded_at <= known_at as ended) past
  where v.entered_at <= as_of and v.entered_recorded_at <= known_at;
end;
comment on function lead_visits is
  'The visits that had begun by as_of and were known at known_at; an end that came or was learned later is not seen; '
  'entered_on and exited_on are NULL where nobody knows the day. '
  '截至 as_of 且在 known_at 已知的阶段停留；之后发生或得知的结束不可见。';

create function leads(as_of timestamptz default now(), known_at timestamptz default now())
returns table (
  lead_id text, source text, campaign_id text, landing_page text,
  is_captured boolean, captured_on date, captured_event_id text,
  stage text, stage_order int, is_open boolean, in_stage_since timestamptz, stage_event_id text,
  owner_id text, unit_id text, manager_id text, first_owner_id text
) language sql stable rows 100000 set enable_nestloop = off
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
    seen.captured, case when seen.captured and c.is_day_known then business_day(c.occurred_at) end, c.event_id,
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
  key text, lead_id text, stage text, is_open boolean, is_captured boolean, captured_on date, age_days int, is_older boolean,
  in_stage_since timestamptz, owner_id text, captured_event_id text, stage_event_id text
) language sql stable
begin atomic
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, l.owner_id, l.unit_id, l.manager_id),
    l.lead_id, l.stage, l.is_open, l.is_captured, l.captured_on, business_day(as_of) - l.captured_on,
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
  select r.key, label_of(by, r.key), count(*) filter (where r.is_captured),
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
  key text, period text, lead_id text, captured_on date, is_disqualified boolean,
  captured_event_id text, owned_event_id text, qualified_event_id text, converted_event_id text
) language sql stable
begin atomic
  with reached as (
    select v.lead_id,
      (array_agg(v.entered_event_id order by v.entered_at, v.visit_no) filter (where v.stage_order >= 2))[1] as owned,
      (array_agg(v.entered_event_id order by v.entered_at, v.visit_no) filter (where v.stage_order >= 3))[1] as qualified,
      (array_agg(v.entered_event_id order by v.entered_at, v.visit_no) filter (where v.stage_order >= 4))[1] as converted
    from lead_visits(as_of, known_at) v
    group by v.lead_id
  )
  select lead_key(by, l.source, l.campaign_id, l.landing_page, l.first_owner_id, l.owner_id, l.unit_id, l.manager_id),
    period_of(l.captured_on, per), l.lead_id, l.captured_on, l.stage = 'disqualified',
    l.captured_event_id, r.owned, r.qualified, r.converted
  from leads(as_of, known_at) l
  join reached r on r.lead_id = l.lead_id
  where l.is_captured and (captured_from is null or l.captured_on >= captured_from)
    and (captured_until is null or l.captured_on < captured_until);
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
  select r.key, label_of(by, r.key), r.period, count(*), count(r.owned_event_id),
    count(r.qualified_event_id), count(r.converted_event_id), count(*) filter (where r.is_disqualified),
    ratio(count(r.owned_event_id), count(*)), ratio(count(r.qualified_event_id), count(*)),
    ratio(count(r.converted_event_id), count(*))
  from lead_funnel_rows(by, captured_from, captured_until, per, as_of, known_at) r
  group by r.key, r.period;
end;
comment on function lead_funnel is
  'Leads captured in [captured_from, captured_until) and how many of them reached each stage or a later one, whenever that was; '
  'shares are of the captured ones, lost leads stay among them. '
  '某期间捕获的线索到达各阶段（或更后阶段）的数量与占比；流失线索保留在分母中。';
