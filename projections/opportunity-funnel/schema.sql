create table opportunity (
  opportunity_id text primary key,
  customer_id text,
  process_id text not null,
  process_version int not null,
  product_id text,
  source text,
  lead_id text,
  campaign_id text,
  opened_on date,
  is_opening_known boolean not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null
);
comment on table opportunity is 'One row per opportunity, as it was opened. 商机（开立时的信息）。';
comment on column opportunity.opened_on is 'NULL: the day of occurred_at, if is_opening_known';
comment on column opportunity.is_opening_known is 'false: imported without a day; left out of everything that counts days';

create table opportunity_owner (
  opportunity_id text not null,
  revision bigint not null,
  owner_id text,
  unit_id text,
  manager_path text[] not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  primary key (opportunity_id, revision)
);
comment on table opportunity_owner is
  'Who owns an opportunity from a moment on; unit and managers as they stood then. 商机自某一时刻起的负责人（当时的部门与上级）。';

create table opportunity_amount (
  opportunity_id text not null,
  revision bigint not null,
  amount bigint,
  currency text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  primary key (opportunity_id, revision)
);
comment on table opportunity_amount is
  'The expected amount from a moment on, in minor units; NULL: unknown. 商机自某一时刻起的预计金额（最小货币单位）。';

create table opportunity_stage_interval (
  opportunity_id text not null,
  visit_no int not null,
  stage_id text not null,
  stage_name text not null,
  stage_order int not null,
  probability int not null,
  owner_id text,
  unit_id text,
  manager_path text[] not null,
  is_entry_known boolean not null,
  entered_at timestamptz not null,
  entered_recorded_at timestamptz not null,
  entered_position bigint not null,
  entered_event_id text not null,
  exit_kind text check (exit_kind in ('advance', 'regress', 'won', 'lost', 'abandoned')),
  is_exit_known boolean,
  exited_at timestamptz,
  exited_recorded_at timestamptz,
  exited_position bigint,
  exited_event_id text,
  primary key (opportunity_id, visit_no)
);
comment on table opportunity_stage_interval is
  'Every visit of an opportunity to an open stage, with the meaning of the stage frozen at entry. 商机在每个阶段的每次停留（阶段含义冻结）。';
comment on column opportunity_stage_interval.is_entry_known is 'false: imported without a day, like is_exit_known; the time in stage is unknown then';

create table fact_closing (
  opportunity_id text not null,
  closing int not null,
  outcome text not null check (outcome in ('won', 'lost', 'abandoned')),
  closed_on date not null,
  amount bigint,
  currency text,
  customer_id text,
  reason_code text,
  competitor text,
  from_stage_id text not null,
  owner_id text,
  unit_id text,
  manager_path text[] not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  voided_at timestamptz,
  voided_recorded_at timestamptz,
  voided_position bigint,
  voided_event_id text,
  primary key (opportunity_id, closing)
);
comment on table fact_closing is
  'How often and how an opportunity was closed; owner, unit and managers as they stood then; voided when it was reopened. '
  '商机的每次关闭（当时的负责人、部门与上级）；重新打开时失效。';
comment on column fact_closing.amount is 'The final amount of a won deal, in minor units; NULL: unknown, counts as a deal and adds nothing';
