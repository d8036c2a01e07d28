create table customer_revision (
  customer_id text not null,
  revision bigint not null,
  field text not null,
  event_type text not null,
  is_applied boolean not null,
  is_personal boolean not null,
  old_value text,
  new_value text,
  actor_id text not null,
  actor_kind text not null,
  actor_name text,
  on_behalf_of text,
  reason_code text,
  reason_text text,
  command_id text not null,
  causation_id text not null,
  correlation_id text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  primary key (customer_id, revision, field)
);
comment on table customer_revision is
  'Every change of every field of every customer: who, when, why, from what to what. 客户每个字段的每次变更：何人、何时、何故、旧值、新值。';
comment on column customer_revision.is_applied is 'false: only proposed, refused or withdrawn; the record stayed as it was';
