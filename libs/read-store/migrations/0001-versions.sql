create table versions (
  schema_name text primary key,
  projection  text not null,
  state       text not null check (state in ('building', 'living', 'kept')),
  commit      numeric(20),
  prepare     numeric(20),
  recorded_at timestamptz,
  moved_at    timestamptz,
  created_at  timestamptz not null default now()
);
create unique index one_living_version on versions (projection) where state = 'living';

comment on table versions is 'Every version of every projection: where its tables are and how far it has read the log';
comment on column versions.state is 'building: being filled; living: the views point at it; kept: was living before';
comment on column versions.commit is 'Commit position of the last applied event or passed checkpoint; null before the first';
comment on column versions.recorded_at is 'When the last applied event was recorded';

create table surface (
  only_row boolean primary key default true check (only_row),
  fingerprint text not null
);

comment on table surface is 'What the views and the functions of analytics were last made from';
