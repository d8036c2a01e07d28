create domain deal_dimension as text check (
  value in ('total', 'owner', 'unit', 'manager', 'product', 'series', 'customer', 'parent', 'industry', 'country',
    'source', 'campaign', 'process')
);
comment on domain deal_dimension is
  'By what reports on opportunities group their rows; parent: the parent of the customer, or the customer itself when it has none. '
  '商机报表的分组维度；parent 为客户的母公司，无母公司时为客户本身。';

create function opportunity_visits(as_of timestamptz default now(), known_at timestamptz default now())
returns table (
  opportunity_id text, visit_no int, stage_id text, stage_name text, stage_order int, probability int,
  owner_id text, unit_id text, manager_path text[],
  entered_at timestamptz, entered_on date, entered_event_id text,
  exit_kind text, exited_at timestamptz, exited_on date, exited_event_id text
) language sql stable rows 100000 set enable_nestloop = off
begin atomic
  select v.opportunity_id, v.visit_no, v.stage_id, v.stage_name, v.stage_order, v.probability,
    v.owner_id, v.unit_id, v.manager_path,
    v.entered_at, case when v.is_entry_known then business_day(v.entered_at) end, v.entered_event_id,
    case when past.ended then v.exit_kind end,
    case when past.ended then v.exited_at end,
    case when past.ended and v.is_exit_known then business_day(v.exited_at) end,
    case when past.ended then v.exited_event_id end
  from opportunity_stage_interval v
  cross join lateral (select v.exited_at <= as_of and v.exited_recorded_at <= known_at as ended) past
  where v.entered_at <= as_of and v.entered_recorded_at <= known_at;
end;
comment on function opportunity_visits is
  'The visits to open stages that had begun by as_of and were known at known_at; an end that came or was learned later is not seen; '
  'entered_on and exited_on are NULL where nobody knows the day. '
  '截至 as_of 且在 known_at 已知的阶段停留；之后发生或得知的结束不可见。';

create function closings(as_of timestamptz default now(), known_at timestamptz default now())
returns table (
  opportunity_id text, closing int, outcome text, closed_on date, amount bigint, currency text, customer_id text,
  reason_code text, owner_id text, unit_id text, manager_path text[], occurred_at timestamptz, event_id text
) language sql stable rows 100000 set enable_nestloop = off
begin atomic
  select distinct on (c.opportunity_id) c.opportunity_id, c.closing, c.outcome, c.closed_on, c.amount, c.currency,
    c.customer_id, c.reason_code, c.owner_id, c.unit_id, c.manager_path, c.occurred_at, c.event_id
  from fact_closing c
  where c.occurred_at <= as_of and c.recorded_at <= known_at
    and not coalesce(c.voided_at <= as_of and c.voided_recorded_at <= known_at, false)
  order by c.opportunity_id, c.closing desc;
end;
comment on function closings is
  'The closings that stood as of a moment: those that a reopening had voided by then are left out. '
  '某一时刻有效的关闭；已因重新打开而失效的不计。';

create function opportunities(as_of timestamptz default now(), known_at timestamptz default now())
returns table (
  opportunity_id text, process_id text, process_version int,
  customer_id text, parent_id text, industry text, country text, product_id text, series text,
  source text, campaign_id text, lead_id text, opened_on date, opened_event_id text,
  status text, closed_on date, days int, reason_code text, closing_event_id text,
  stage_id text, stage_name text, stage_order int, stage_event_id text,
  amount bigint, currency text, owner_id text, unit_id text, manager_id text
) language sql stable rows 100000 set enable_nestloop = off
begin atomic
  with stages as (
    select distinct on (v.opportunity_id) v.* from opportunity_visits(as_of, known_at) v
    order by v.opportunity_id, v.visit_no desc
  ), owners as (
    select distinct on (w.opportunity_id) w.* from opportunity_owner w
    where w.occurred_at <= as_of and w.recorded_at <= known_at
    order by w.opportunity_id, w.revision desc
  ), amounts as (
    select distinct on (a.opportunity_id) a.* from opportunity_amount a
    where a.occurred_at <= as_of and a.recorded_at <= known_at
    order by a.opportunity_id, a.revision desc
  ), parents as (
    select distinct on (p.customer_id) p.* from customer_parent p
    where p.occurred_at <= as_of and p.recorded_at <= known_at
    order by p.customer_id, p.revision desc
  )
  select o.opportunity_id, o.process_id, o.process_version,
    buyer.id, coalesce(parent.parent_id, buyer.id), k.industry, k.country, o.product_id, product.series,
    coalesce(l.source, o.source), coalesce(l.campaign_id, o.campaign_id), o.lead_id, opening.day, o.event_id,
    coalesce(c.outcome, 'open'), c.closed_on, c.closed_on - opening.day, c.reason_code, c.event_id,
    case when c.outcome is null then s.stage_id else c.outcome end,
    case when c.outcome is null then s.stage_name else c.outcome end,
    case when c.outcome is null then s.stage_order end,
    coalesce(c.event_id, s.entered_event_id),
    case when c.outcome = 'won' then c.amount else a.amount end,
    case when c.outcome = 'won' then c.currency else a.currency end,
    coalesce(c.owner_id, w.owner_id),
    case when c.owner_id is null then w.unit_id else c.unit_id end,
    case when c.owner_id is null then w.manager_path[1] else c.manager_path[1] end
  from opportunity o
  cross join lateral (
    select case when o.is_opening_known then coalesce(o.opened_on, business_day(o.occurred_at)) end as day
  ) opening
  left join closings(as_of, known_at) c on c.opportunity_id = o.opportunity_id
  cross join lateral (select coalesce(c.customer_id, o.customer_id) as id) buyer
  left join stages s on s.opportunity_id = o.opportunity_id
  left join owners w on w.opportunity_id = o.opportunity_id
  left join amounts a on a.opportunity_id = o.opportunity_id
  left join lead_capture l on l.lead_id = o.lead_id
  left join customer k on k.customer_id = buyer.id
  left join parents parent on parent.customer_id = buyer.id
  left join product on product.product_id = o.product_id
  where o.recorded_at <= known_at and (o.occurred_at <= as_of or c.opportunity_id is not null);
end;
comment on function opportunities is
  'Every opportunity as of a moment: open with its stage, owner and expected amount, or closed with the credit and final amount of '
  'the closing. Source and campaign are those of its lead, if it came from one; '
  'parent_id is the customer itself when it has no parent. opened_on is NULL where nobody knows the day. '
  '某一时刻的全部商机：未关闭的含阶段、负责人、预计金额；已关闭的含关闭时的归属与成交金额。';

create function deal_key(
  by text, owner_id text, unit_id text, manager_id text, product_id text, series text, customer_id text,
  parent_id text, industry text, country text, source text, campaign_id text, process_id text
) returns text language sql immutable
begin atomic
  select case by
    when 'total' then 'total' when 'owner' then owner_id when 'unit' then unit_id when 'manager' then manager_id
    when 'product' then product_id when 'series' then series when 'customer' then customer_id
    when 'parent' then parent_id when 'industry' then industry when 'country' then country
    when 'source' then source when 'campaign' then campaign_id when 'process' then process_id
  end;
end;
comment on function deal_key is 'The key of a row in reports on opportunities. 商机报表的行键。';

create function opportunity_snapshot_rows(
  by deal_dimension default 'total', older_than_days int default 60,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, opportunity_id text, status text, is_open boolean, stage_id text, stage_name text, stage_order int,
  opened_on date, age_days int, is_older boolean, amount bigint, currency text, owner_id text,
  opened_event_id text, stage_event_id text
) language sql stable
begin atomic
  select deal_key(by, o.owner_id, o.unit_id, o.manager_id, o.product_id, o.series, o.customer_id, o.parent_id,
      o.industry, o.country, o.source, o.campaign_id, o.process_id),
    o.opportunity_id, o.status, o.status = 'open', o.stage_id, o.stage_name, o.stage_order, o.opened_on,
    business_day(as_of) - o.opened_on,
    o.status = 'open' and coalesce(business_day(as_of) - o.opened_on > older_than_days, false),
    o.amount, o.currency, o.owner_id, o.opened_event_id, o.stage_event_id
  from opportunities(as_of, known_at) o;
end;
comment on function opportunity_snapshot_rows is
  'The opportunities that opportunity_snapshot counts. opportunity_snapshot 所统计的商机明细。';

create function opportunity_snapshot(
  by deal_dimension default 'total', older_than_days int default 60,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, stage_id text, stage_name text, stage_order int, is_open boolean, n bigint, older bigint,
  currency text, with_amount bigint, amount bigint
) language sql stable
begin atomic
  with counted as (
    select r.* from opportunity_snapshot_rows(by, older_than_days, as_of, known_at) r
  ), sums as (
    select r.key, r.stage_id, r.currency, count(*) as n, sum(r.amount)::bigint as amount from counted r
    where r.amount is not null
    group by r.key, r.stage_id, r.currency
  )
  select r.key, label_of(by, r.key), r.stage_id, max(r.stage_name), max(r.stage_order), r.is_open, count(*),
    count(*) filter (where r.is_older), s.currency, coalesce(s.n, 0), coalesce(s.amount, 0)
  from counted r
  left join sums s on s.key is not distinct from r.key and s.stage_id is not distinct from r.stage_id
  group by r.key, r.stage_id, r.is_open, s.currency, s.n, s.amount;
end;
comment on function opportunity_snapshot is
  'M3: how many opportunities lay in each stage as of a moment and what they were worth then; closed ones stand under their outcome; '
  'older: open ones opened more than older_than_days before that day. One row per currency; the counts are repeated in each. '
  'M3：某一时刻各阶段的商机数与金额；已关闭的按结果列出；多币种各占一行，计数在每行重复。';
