create table policies (
  name        text primary key,
  commit      numeric(20),
  prepare     numeric(20),
  recorded_at timestamptz,
  moved_at    timestamptz,
  epoch       bigint not null default 0,
  holder      text,
  held_until  timestamptz
);
comment on table policies is 'Every policy: how far it has read the log, and who runs it';
comment on column policies.epoch is 'Raised by everybody who takes the policy over; one that holds an older epoch cannot write';

create table deadlines (
  policy         text not null references policies on delete cascade,
  key            text not null,
  due_at         timestamptz not null,
  group_key      text,
  data           jsonb not null,
  cause          text not null,
  event_id       text not null,
  correlation_id text not null,
  parked_at      timestamptz,
  reason         text,
  stack          text,
  primary key (policy, key)
);
create index due_deadlines on deadlines (due_at) where parked_at is null;
create index grouped_deadlines on deadlines (policy, group_key) where group_key is not null;
comment on table deadlines is 'When a policy looks again; the row goes when it has';
comment on column deadlines.group_key is 'What it was reckoned from; when that changes, all deadlines of the group are woken';
comment on column deadlines.cause is 'What set it, an event or an earlier deadline; the ids of its commands follow from this';
comment on column deadlines.parked_at is 'Its policy failed on it; it waits for an operator';

create table parked_events (
  policy     text not null references policies on delete cascade,
  stream     text not null,
  revision   bigint not null,
  event_id   text not null,
  event_type text not null,
  reason     text not null,
  stack      text,
  parked_at  timestamptz not null default now(),
  primary key (policy, stream, revision)
);
comment on table parked_events is 'Events that a policy failed on; their data stays in the log';

create table outcomes (
  policy     text not null references policies on delete cascade,
  command    text not null,
  outcome    text not null,
  times      bigint not null,
  last_cause text not null,
  last_at    timestamptz not null,
  primary key (policy, command, outcome)
);
comment on table outcomes is 'What became of the commands of policies: done, nothing to do, or the code of the refusal';
