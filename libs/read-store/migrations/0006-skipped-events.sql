create table skipped_events (
  projection text not null,
  stream     text not null,
  revision   bigint not null,
  event_id   text not null,
  event_type text not null,
  reason     text not null,
  skipped_by text not null,
  skipped_at timestamptz not null default now(),
  primary key (projection, stream, revision)
);
comment on table skipped_events is 'Events that an operator gave up for a projection: every build of it passes them by';

insert into skipped_events
select distinct on (version.projection, letter.stream, letter.revision)
  version.projection, letter.stream, letter.revision, letter.event_id, letter.event_type,
  coalesce(letter.resolved_because, ''), session_user, coalesce(letter.resolved_at, now())
from dead_letters as letter join versions as version using (schema_name)
where letter.resolution = 'skipped'
order by version.projection, letter.stream, letter.revision, letter.resolved_at;
