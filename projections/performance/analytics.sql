create function performance_rows(
  by deal_dimension default 'total', closed_from date default null, closed_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, period text, opportunity_id text, status text, opened_on date, closed_on date, days int,
  amount bigint, currency text, customer_id text, product_id text, owner_id text, unit_id text, manager_id text,
  opened_event_id text, closing_event_id text
) language sql stable
begin atomic
  select deal_key(by, o.owner_id, o.unit_id, o.manager_id, o.product_id, o.series, o.customer_id, o.parent_id,
      o.industry, o.country, o.source, o.campaign_id, o.process_id),
    period_of(o.closed_on, per), o.opportunity_id, o.status, o.opened_on, o.closed_on, o.days, o.amount, o.currency,
    o.customer_id, o.product_id, o.owner_id, o.unit_id, o.manager_id, o.opened_event_id, o.closing_event_id
  from opportunities(as_of, known_at) o
  where o.status = 'open' and per is null
    or o.status <> 'open' and (closed_from is null or o.closed_on >= closed_from)
      and (closed_until is null or o.closed_on < closed_until);
end;
comment on function performance_rows is 'The opportunities that performance counts. performance 所统计的商机明细。';

create function performance(
  by deal_dimension default 'total', closed_from date default null, closed_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, period text, opportunities bigint, won bigint, lost bigint, abandoned bigint, open bigint,
  closed bigint, win_rate numeric, currency text, won_with_amount bigint, revenue bigint, mean_won_amount numeric,
  median_won_amount numeric, won_cycle_n bigint, won_cycle_mean_days numeric, closed_cycle_n bigint,
  closed_cycle_mean_days numeric
) language sql stable
begin atomic
  with counted as (
    select r.* from performance_rows(by, closed_from, closed_until, per, as_of, known_at) r
  ), money as (
    select r.key, r.period, r.currency, count(*) as n, sum(r.amount)::bigint as revenue,
      round(avg(r.amount), 10) as mean, median(array_agg(r.amount::numeric)) as median
    from counted r where r.status = 'won' and r.amount is not null
    group by r.key, r.period, r.currency
  ), deals as (
    select r.key, r.period, count(*) as n,
      count(*) filter (where r.status = 'won') as won, count(*) filter (where r.status = 'lost') as lost,
      count(*) filter (where r.status = 'abandoned') as abandoned, count(*) filter (where r.status = 'open') as open,
      count(r.days) filter (where r.status = 'won') as won_n, avg(r.days) filter (where r.status = 'won') as won_days,
      count(r.days) filter (where r.status in ('won', 'lost')) as closed_n,
      avg(r.days) filter (where r.status in ('won', 'lost')) as closed_days
    from counted r
    group by r.key, r.period
  )
  select d.key, label_of(by, d.key), d.period, d.n, d.won, d.lost, d.abandoned, d.open, d.won + d.lost,
    ratio(d.won, d.won + d.lost), m.currency, coalesce(m.n, 0), coalesce(m.revenue, 0), m.mean, m.median,
    d.won_n, round(d.won_days, 6), d.closed_n, round(d.closed_days, 6)
  from deals d
  left join money m on m.key is not distinct from d.key and m.period is not distinct from d.period;
end;
comment on function performance is
  'M6 and revenue: deals closed in [closed_from, closed_until) by closed_on, and those open as of as_of (left out when rows are per '
  'period); win_rate = won ÷ (won + lost); reopened deals count as open until closed again; a won deal of unknown amount counts as a '
  'deal and adds nothing. One row per currency of the won amounts; the counts are repeated in each. Amounts are minor units. '
  'M6 与业绩：按关闭日统计的赢单、输单与截至 as_of 的在谈商机；赢单率 = 赢单 ÷ (赢单 + 输单)；多币种各占一行，计数在每行重复；金额为最小货币单位。';

create function sales_cycle_rows(
  by deal_dimension default 'total', closed_from date default null, closed_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, period text, opportunity_id text, status text, opened_on date, closed_on date, days int,
  opened_event_id text, closing_event_id text
) language sql stable
begin atomic
  select r.key, r.period, r.opportunity_id, r.status, r.opened_on, r.closed_on, r.days, r.opened_event_id, r.closing_event_id
  from performance_rows(by, closed_from, closed_until, per, as_of, known_at) r
  where r.status in ('won', 'lost') and r.days is not null;
end;
comment on function sales_cycle_rows is 'The closings that sales_cycle measures. sales_cycle 所度量的关闭明细。';

create function sales_cycle(
  by deal_dimension default 'total', closed_from date default null, closed_until date default null,
  per calendar_period default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  key text, label text, period text, outcome text, n bigint, mean_days numeric, median_days numeric, p75_days numeric,
  min_days int, max_days int
) language sql stable
begin atomic
  select r.key, label_of(by, r.key), r.period, kind.outcome, count(*), round(avg(r.days), 6), median(array_agg(r.days)),
    percentile(array_agg(r.days), 0.75), min(r.days), max(r.days)
  from sales_cycle_rows(by, closed_from, closed_until, per, as_of, known_at) r
  cross join lateral (values (r.status), ('closed')) as kind (outcome)
  group by r.key, r.period, kind.outcome;
end;
comment on function sales_cycle is
  'M8 sales cycle: calendar days from opened_on to closed_on of the deals closed in [closed_from, closed_until), for won, lost and '
  'closed (both); reopened deals from their first opening to the closing that stands; without those whose opening day nobody knows. '
  'M8 销售周期：从开立到关闭的日历天数，分赢单、输单与合计；开立日未知的不计。';

create function customer_share_rows(
  roll_up boolean default false, closed_from date default null, closed_until date default null,
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  currency text, place bigint, customer_id text, label text, won bigint, revenue bigint, cumulative_revenue bigint,
  cumulative_share numeric, closing_event_ids text[]
) language sql stable
begin atomic
  with deals as (
    select r.* from performance_rows(
      case when roll_up then 'parent' else 'customer' end, closed_from, closed_until, null, as_of, known_at
    ) r
    where r.status = 'won' and r.key is not null
  ), customers as (
    select d.key, label_of('customer', d.key) as label, count(*) as won, array_agg(d.closing_event_id) as event_ids
    from deals d group by d.key
  ), sums as (
    select c.currency, a.key, a.label, a.won, a.event_ids,
      coalesce(sum(d.amount), 0)::bigint as revenue
    from customers a
    cross join (select distinct d.currency from deals d where d.amount is not null) c
    left join deals d on d.key = a.key and d.currency = c.currency
    group by c.currency, a.key, a.label, a.won, a.event_ids
  )
  select s.currency, row_number() over ranking, s.key, s.label, s.won, s.revenue, (sum(s.revenue) over ranking)::bigint,
    ratio(sum(s.revenue) over ranking, sum(s.revenue) over (partition by s.currency)), s.event_ids
  from sums s
  window ranking as (partition by s.currency order by s.revenue desc, s.label, s.key rows unbounded preceding);
end;
comment on function customer_share_rows is
  'The customers that customer_share ranks, with the closings they were counted for. customer_share 的客户排名明细。';

create function customer_share(
  top_share numeric default 0.2, roll_up boolean default false, closed_from date default null,
  closed_until date default null, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  currency text, customers bigint, top_customers bigint, revenue bigint, top_revenue bigint, share numeric, gini numeric
) language sql stable
begin atomic
  with ranked as (
    select r.*, count(*) over (partition by r.currency) as n
    from customer_share_rows(roll_up, closed_from, closed_until, as_of, known_at) r
  )
  select r.currency, count(*), count(*) filter (where r.place <= ceil(top_share * r.n)), sum(r.revenue)::bigint,
    coalesce(sum(r.revenue) filter (where r.place <= ceil(top_share * r.n)), 0)::bigint,
    ratio(coalesce(sum(r.revenue) filter (where r.place <= ceil(top_share * r.n)), 0), sum(r.revenue)),
    ratio(sum((r.n - 2 * r.place + 1) * r.revenue), count(*) * sum(r.revenue))
  from ranked r
  group by r.currency;
end;
comment on function customer_share is
  'M19 Pareto: what share of the won revenue the top ⌈top_share × n⌉ customers brought; n counts the customers with a deal won in '
  '[closed_from, closed_until), also those whose amounts are unknown; ranked by revenue, then name. roll_up: a customer with a parent '
  'counts as its parent. gini: 0 all equal, towards 1 one has all. '
  'M19 帕累托：前 ⌈top_share × n⌉ 名客户的赢单金额占比；n 为期内有赢单的客户数；roll_up 归并到母公司。';

create function employees_without_opportunities(
  as_of timestamptz default now(), known_at timestamptz default now()
) returns table (employee_id text, name text, unit_id text, manager_id text, reports bigint, event_id text)
language sql stable
begin atomic
  with staff as (select e.* from organisation(as_of, known_at) e)
  select e.employee_id, e.name, e.unit_id, e.manager_id,
    (select count(*) from staff s where s.manager_id = e.employee_id), e.event_id
  from staff e
  where not exists (
    select from opportunity_owner w
    where w.owner_id = e.employee_id and w.occurred_at <= as_of and w.recorded_at <= known_at
  );
end;
comment on function employees_without_opportunities is
  'Employees who never owned an opportunity; reports: how many report to them, 0 for those who only sell. '
  '从未负责过商机的员工；reports 为其直接下属人数。';
