alter table dead_letters drop constraint dead_letters_fault_check;
alter table dead_letters add constraint dead_letters_fault_check
  check (fault in ('read', 'unknown', 'apply', 'write', 'follows'));
comment on column dead_letters.fault is 'read: it cannot be decoded; unknown: a newer release wrote it; apply: the projection threw; write: Postgres refused its rows; follows: an earlier event of its stream is parked';
