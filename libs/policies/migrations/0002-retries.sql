alter table parked_events add column retry_reason text;
alter table deadlines add column retry_reason text;
comment on column parked_events.retry_reason is 'Why an operator wants the policy to react to it again; it waits for whoever runs the policy';
comment on column deadlines.retry_reason is 'Why an operator wants it answered again; it waits for whoever runs the policy';
