alter table versions
  add column fingerprint text,
  add column build integer not null default 1,
  add column analytics text not null default '',
  add column place integer not null default 0,
  add column deferred_indexes text[] not null default '{}',
  add column holder text,
  add column held_until timestamptz;
update versions set fingerprint = substring(schema_name from '[0-9a-f]{8}$');
alter table versions alter column fingerprint set not null;
alter table versions drop constraint versions_state_check;
alter table versions add constraint versions_state_check
  check (state in ('building', 'ready', 'living', 'kept', 'rejected', 'shadow'));

comment on column versions.state is 'building: filled from the beginning; ready: filled and kept up, not shown; living: the views point at it; kept: was living before; rejected: rolled back from; shadow: built to be compared';
comment on column versions.build is 'Which build of the same projection and tables it is';
comment on column versions.analytics is 'The functions and views that are shown with it';
comment on column versions.place is 'Its place in the order in which analytics are installed';
comment on column versions.deferred_indexes is 'Indexes that are made once it is filled';
comment on column versions.holder is 'The runner that feeds it';
comment on column versions.held_until is 'When another runner may take over';
