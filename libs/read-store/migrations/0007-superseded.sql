alter table versions drop constraint versions_state_check;
alter table versions add constraint versions_state_check
  check (state in ('building', 'ready', 'living', 'kept', 'rejected', 'superseded', 'shadow'));

comment on column versions.state is 'building: filled from the beginning; ready: filled and kept up, not shown; living: the views point at it; kept: was living before; rejected: rolled back from; superseded: to be removed as soon as nobody reads it; shadow: built to be compared';
