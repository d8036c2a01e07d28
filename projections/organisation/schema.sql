create table employee (
  employee_id text primary key,
  employee_number text,
  name text not null,
  hired_on date,
  departed_on date,
  departed_recorded_at timestamptz,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null
);
comment on table employee is 'Everybody who ever belonged to the organisation. 员工。';
comment on column employee.hired_on is 'NULL: as far back as we know';

create table employee_unit (
  employee_id text not null,
  revision bigint not null,
  unit_id text,
  effective_on date,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  primary key (employee_id, revision)
);
comment on table employee_unit is 'To which unit somebody belongs from a day on; NULL day: as far back as we know. 员工所属部门（生效日）。';

create table employee_manager (
  employee_id text not null,
  revision bigint not null,
  manager_id text,
  effective_on date,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  primary key (employee_id, revision)
);
comment on table employee_manager is 'To whom somebody reports from a day on; NULL day: as far back as we know. 员工的直接上级（生效日）。';

create table org_unit (
  unit_id text primary key,
  name text not null,
  closed_at timestamptz,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null
);
comment on table org_unit is 'Units of the organisation. 部门。';

create table org_unit_parent (
  unit_id text not null,
  revision bigint not null,
  parent_id text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  primary key (unit_id, revision)
);
comment on table org_unit_parent is 'Under which unit a unit lies from a moment on. 部门的上级部门。';
