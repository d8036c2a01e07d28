-- Days, periods and figures as every report of this schema means them.

create function reporting_zone() returns text language sql immutable
begin atomic
  select '{{reporting zone}}'::text;
end;
comment on function reporting_zone is
  'The time zone in which days begin and end in every report. 所有报表划分自然日所用的时区。';

create function business_day(moment timestamptz) returns date language sql stable
begin atomic
  select (moment at time zone reporting_zone())::date;
end;
comment on function business_day is 'The calendar day of a moment in the reporting zone. 某一时刻在报表时区的日期。';

create function end_of_day(day date) returns timestamptz language sql stable
begin atomic
  select ((day + 1)::timestamp at time zone reporting_zone()) - interval '1 microsecond';
end;
comment on function end_of_day is
  'The last moment of a day in the reporting zone: as_of => end_of_day(''2026-06-30''). 报表时区某日的最后一刻。';

create function moment(day_or_instant text) returns timestamptz language sql stable
begin atomic
  select case
    when day_or_instant ~ '^\d{4}-\d\d-\d\d$' then end_of_day(day_or_instant::date)
    else day_or_instant::timestamptz
  end;
end;
comment on function moment is
  'An instant; a mere day means the end of that day in the reporting zone. 时刻；只给日期则指该日结束。';

create domain calendar_period as text check (value in ('week', 'month', 'quarter', 'year'));
comment on domain calendar_period is 'A calendar period by which rows are grouped. 统计周期。';

create function period_of(day date, length calendar_period) returns text language sql stable
begin atomic
  select case length
    when 'week' then to_char(day::timestamp, 'IYYY-"W"IW')
    when 'month' then to_char(day::timestamp, 'YYYY-MM')
    when 'quarter' then to_char(day::timestamp, 'YYYY-"Q"Q')
    when 'year' then to_char(day::timestamp, 'YYYY')
  end;
end;
comment on function period_of is 'The name of the period a day lies in: 2026-W47, 2026-11, 2026-Q4, 2026. 日期所在周期的名称。';

create function period_end(day date, length calendar_period) returns date language sql immutable
begin atomic
  select (date_trunc(length, day::timestamp) + case length
    when 'week' then interval '7 days'
    when 'month' then interval '1 month'
    when 'quarter' then interval '3 months'
    when 'year' then interval '1 year'
  end)::date;
end;
comment on function period_end is 'The first day after the period a day lies in. 日期所在周期结束后的第一天。';

create function ratio(part numeric, whole numeric) returns numeric language sql immutable
begin atomic
  select round(part / nullif(whole, 0), 6);
end;
comment on function ratio is 'part ÷ whole to six places; NULL when the whole is 0. 比率，保留六位小数；分母为零时为空。';

create function median(figures numeric[]) returns numeric language sql immutable
begin atomic
  select round(avg(ranked.figure), 6)
  from (
    select f.figure, row_number() over (order by f.figure) as place, count(*) over () as n
    from unnest(figures) as f (figure)
    where f.figure is not null
  ) as ranked
  where ranked.n >= 5 and ranked.place in ((ranked.n + 1) / 2, (ranked.n + 2) / 2);
end;
comment on function median is
  'The exact median, the mean of the two middle values when their number is even; withheld (NULL) for fewer than five. '
  '精确中位数；不足五个值时不给出。';

create function percentile(figures numeric[], share double precision) returns numeric language sql immutable
begin atomic
  select case when count(f.figure) >= 5 then round((percentile_cont(share) within group (order by f.figure))::numeric, 6) end
  from unnest(figures) as f (figure);
end;
comment on function percentile is
  'The value below which that share of the values lies, interpolated; for durations, never for money; withheld for fewer than five. '
  '百分位数（插值），用于时长，不用于金额；不足五个值时不给出。';
