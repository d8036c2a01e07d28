create table lead_capture (
  lead_id text primary key,
  lead_number text,
  source text,
  campaign_id text,
  landing_page text,
  is_day_known boolean not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null
);
comment on table lead_capture is 'One row per lead: where it came from, frozen at capture. 线索的来源（捕获时冻结）。';
comment on column lead_capture.is_day_known is 'false: imported without a day; left out of everything that counts days';
comment on column lead_capture.source is 'NULL: nobody said; not the same as a source named unknown';

create table lead_stage_interval (
  lead_id text not null,
  visit_no int not null,
  stage text not null check (stage in ('pooled', 'owned', 'qualified')),
  owner_id text,
  unit_id text,
  manager_path text[] not null,
  is_entry_known boolean not null,
  entered_at timestamptz not null,
  entered_recorded_at timestamptz not null,
  entered_position bigint not null,
  entered_event_id text not null,
  exit_kind text check (exit_kind in ('advance', 'regress', 'won', 'lost')),
  is_exit_known boolean,
  exited_at timestamptz,
  exited_recorded_at timestamptz,
  exited_position bigint,
  exited_event_id text,
  primary key (lead_id, visit_no)
);
comment on table lead_stage_interval is
  'Every visit of a lead to an open stage; owner, unit and managers as they stood at entry. 线索在每个阶段的每次停留。';

comment on column lead_stage_interval.is_entry_known is 'false: imported without a day, like is_exit_known; the time in stage is unknown then';

create table lead_closing (
  lead_id text not null,
  visit_no int not null,
  outcome text not null check (outcome in ('converted', 'disqualified')),
  reason_code text,
  customer_id text,
  opportunity_id text,
  owner_id text,
  unit_id text,
  manager_path text[] not null,
  is_day_known boolean not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  voided_at timestamptz,
  voided_recorded_at timestamptz,
  voided_position bigint,
  voided_event_id text,
  primary key (lead_id, visit_no)
);
comment on table lead_closing is
  'How a lead ended, after which stage visit; voided when it was reopened. 线索的结束（转化或作废）；重新打开时失效。';

create table lead_ownership_interval (
  lead_id text not null,
  visit_no int not null,
  owner_id text not null,
  unit_id text,
  manager_path text[] not null,
  entered_by text not null check (entered_by in ('claim', 'assign', 'transfer')),
  entered_at timestamptz not null,
  entered_recorded_at timestamptz not null,
  entered_position bigint not null,
  entered_event_id text not null,
  left_by text check (left_by in ('return', 'recycle', 'transfer', 'convert', 'disqualify')),
  exited_at timestamptz,
  exited_recorded_at timestamptz,
  exited_position bigint,
  exited_event_id text,
  primary key (lead_id, visit_no)
);
comment on table lead_ownership_interval is 'Who owned a lead from when to when, and how it came and went. 线索的归属区间。';
