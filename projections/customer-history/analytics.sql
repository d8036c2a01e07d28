create function customer_history(
  customer text, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (
  revision bigint, field text, event_type text, is_applied boolean, old_value text, new_value text,
  actor_id text, actor_kind text, actor_name text, on_behalf_of text, reason_code text, reason_text text,
  occurred_at timestamptz, recorded_at timestamptz, command_id text, causation_id text, correlation_id text, event_id text
) language sql stable
begin atomic
  select r.revision, r.field, r.event_type, r.is_applied, r.old_value, r.new_value,
    r.actor_id, r.actor_kind, r.actor_name, r.on_behalf_of, r.reason_code, r.reason_text,
    r.occurred_at, r.recorded_at, r.command_id, r.causation_id, r.correlation_id, r.event_id
  from customer_revision r
  where r.customer_id = customer and r.occurred_at <= as_of and r.recorded_at <= known_at
  order by r.revision, r.field;
end;
comment on function customer_history is
  'Who changed which field of a customer, when, why, from what to what: one row per revision and field. '
  '客户变更史：每个版本每个字段一行，含操作人、时间、原因、旧值、新值。';

create function customer_as_of(
  customer text, as_of timestamptz default now(), known_at timestamptz default now()
) returns table (field text, value text, revision bigint, changed_at timestamptz, event_id text) language sql stable
begin atomic
  select last.field, last.new_value, last.revision, last.occurred_at, last.event_id
  from (
    select distinct on (r.field) r.* from customer_revision r
    where r.customer_id = customer and r.is_applied and r.occurred_at <= as_of and r.recorded_at <= known_at
    order by r.field, r.revision desc
  ) last
  where last.new_value is not null
  order by last.field;
end;
comment on function customer_as_of is
  'The record of a customer as of a moment, each field with the revision that gave it its value. '
  '客户在某一时刻的完整记录，每个字段附其来源版本。';

create function customer_at_revision(customer text, at_revision bigint)
returns table (field text, value text, revision bigint, changed_at timestamptz, event_id text) language sql stable
begin atomic
  select last.field, last.new_value, last.revision, last.occurred_at, last.event_id
  from (
    select distinct on (r.field) r.* from customer_revision r
    where r.customer_id = customer and r.is_applied and r.revision <= at_revision
    order by r.field, r.revision desc
  ) last
  where last.new_value is not null
  order by last.field;
end;
comment on function customer_at_revision is 'The record of a customer after a revision. 客户在某一版本后的完整记录。';

create function customer_diff(customer text, from_revision bigint, to_revision bigint)
returns table (field text, before text, after text, changed_by_event_id text) language sql stable
begin atomic
  select coalesce(a.field, b.field), b.value, a.value,
    (select r.event_id from customer_revision r
     where r.customer_id = customer and r.is_applied and r.field = coalesce(a.field, b.field)
       and r.revision <= greatest(from_revision, to_revision)
     order by r.revision desc limit 1)
  from customer_at_revision(customer, from_revision) b
  full join customer_at_revision(customer, to_revision) a on a.field = b.field
  where a.value is distinct from b.value
  order by 1;
end;
comment on function customer_diff is
  'In which fields two revisions of a customer differ, with the last event that changed each. 客户两个版本之间的字段差异。';
