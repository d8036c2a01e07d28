alter table versions add column epoch bigint not null default 0;
comment on column versions.epoch is 'Raised to send every runner back to the stored state; one that holds an older epoch cannot write';

create table dead_letters (
  schema_name text not null references versions on delete cascade,
  stream      text not null,
  revision    bigint not null,
  event_id    text not null,
  event_type  text not null,
  commit      numeric(20) not null,
  fault       text not null check (fault in ('read', 'apply', 'write', 'follows')),
  reason      text not null,
  stack       text,
  parked_at   timestamptz not null default now(),
  resolution  text check (resolution in ('replayed', 'skipped')),
  resolved_because text,
  resolved_at timestamptz,
  primary key (schema_name, stream, revision)
);
create index open_dead_letters on dead_letters (schema_name, stream, revision) where resolution is null;

comment on table dead_letters is 'Events that a projection could not take, and all later events of their streams, until an operator replays or skips them';
comment on column dead_letters.fault is 'read: it cannot be decoded; apply: the projection threw; write: Postgres refused its rows; follows: an earlier event of its stream is parked';
comment on column dead_letters.resolved_because is 'Why the operator replayed or skipped it';
