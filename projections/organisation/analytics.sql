create function organisation(as_of timestamptz default now(), known_at timestamptz default now())
returns table (
  employee_id text, employee_number text, name text,
  unit_id text, unit_name text, manager_id text, manager_name text,
  hired_on date, departed_on date, event_id text
) language sql stable
begin atomic
  select e.employee_id, e.employee_number, e.name, place.unit_id, u.name, boss.manager_id, m.name,
    e.hired_on, case when e.departed_recorded_at <= known_at then e.departed_on end, e.event_id
  from employee e
  left join lateral (
    select p.unit_id from employee_unit p
    where p.employee_id = e.employee_id and p.recorded_at <= known_at
      and coalesce(p.effective_on, '-infinity') <= business_day(as_of)
    order by coalesce(p.effective_on, '-infinity') desc, p.revision desc limit 1
  ) place on true
  left join lateral (
    select p.manager_id from employee_manager p
    where p.employee_id = e.employee_id and p.recorded_at <= known_at
      and coalesce(p.effective_on, '-infinity') <= business_day(as_of)
    order by coalesce(p.effective_on, '-infinity') desc, p.revision desc limit 1
  ) boss on true
  left join org_unit u on u.unit_id = place.unit_id
  left join employee m on m.employee_id = boss.manager_id
  where e.recorded_at <= known_at and coalesce(e.hired_on, '-infinity') <= business_day(as_of);
end;
comment on function organisation is
  'The employees as of a day, each with unit and direct manager; those who had left by then show the day. '
  '某日的员工名册：部门、直接上级、离职日。';
