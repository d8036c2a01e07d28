create function data_quality_rows(as_of timestamptz default now(), known_at timestamptz default now())
returns table (finding text, subject text, id text, detail text, event_ids text[]) language sql stable
begin atomic
  with deals as (
    select o.* from opportunities(as_of, known_at) o
  )
  select 'lead won before its first contact', 'lead', c.lead_id,
    format('captured on %s, converted on %s', business_day(l.occurred_at), c.entered_on), array[l.event_id, c.entered_event_id]
  from lead_visits(as_of, known_at) c
  join lead_capture l on l.lead_id = c.lead_id and l.is_day_known and l.recorded_at <= known_at
  where c.stage = 'converted' and c.exited_at is null and c.entered_on < business_day(l.occurred_at)
  union all
  select 'lead captured on an unknown day', 'lead', l.lead_id, null, array[l.event_id]
  from lead_capture l where not l.is_day_known and l.occurred_at <= as_of and l.recorded_at <= known_at
  union all
  select 'lead without a source', 'lead', l.lead_id, null, array[l.captured_event_id]
  from leads(as_of, known_at) l where l.is_captured and l.source is null
  union all
  select 'stage left before it was entered', 'lead', i.lead_id,
    format('%s, visit %s: from %s to %s', i.stage, i.visit_no, i.entered_at, i.exited_at),
    array[i.entered_event_id, i.exited_event_id]
  from lead_stage_interval i
  where i.exited_at < i.entered_at and i.is_entry_known and i.is_exit_known
    and greatest(i.entered_recorded_at, i.exited_recorded_at) <= known_at and i.exited_at <= as_of
  union all
  select 'stage left before it was entered', 'opportunity', i.opportunity_id,
    format('%s, visit %s: from %s to %s', i.stage_name, i.visit_no, i.entered_at, i.exited_at),
    array[i.entered_event_id, i.exited_event_id]
  from opportunity_stage_interval i
  where i.exited_at < i.entered_at and i.is_entry_known and i.is_exit_known
    and greatest(i.entered_recorded_at, i.exited_recorded_at) <= known_at and i.exited_at <= as_of
  union all
  select 'opportunity without a customer', 'opportunity', d.opportunity_id, d.stage_name, array[d.opened_event_id]
  from deals d where d.customer_id is null
  union all
  select 'opportunity opened on an unknown day', 'opportunity', d.opportunity_id, d.stage_name, array[d.opened_event_id]
  from deals d where d.opened_on is null
  union all
  select 'opportunity without an owner', 'opportunity', d.opportunity_id, d.stage_name, array[d.opened_event_id]
  from deals d where d.owner_id is null
  union all
  select 'opportunity closed before it was opened', 'opportunity', d.opportunity_id,
    format('opened on %s, %s on %s', d.opened_on, d.status, d.closed_on), array[d.opened_event_id, d.closing_event_id]
  from deals d where d.days < 0
  union all
  select 'deal won for an unknown amount', 'opportunity', d.opportunity_id, d.closed_on::text, array[d.closing_event_id]
  from deals d where d.status = 'won' and d.amount is null
  union all
  select 'credit for somebody who is no employee', 'opportunity', d.opportunity_id, d.owner_id,
    array_remove(array[d.opened_event_id, d.closing_event_id], null)
  from deals d where d.owner_id is not null and not exists (select from employee e where e.employee_id = d.owner_id)
  union all
  select 'product that is not listed', 'opportunity', d.opportunity_id, d.product_id, array[d.opened_event_id]
  from deals d where d.product_id is not null and not exists (select from product p where p.product_id = d.product_id)
  union all
  select 'parent that is not registered', 'customer', p.customer_id, p.parent_id, array[p.event_id]
  from (
    select distinct on (r.customer_id) r.* from customer_parent r
    where r.occurred_at <= as_of and r.recorded_at <= known_at
    order by r.customer_id, r.revision desc
  ) p
  where p.parent_id is not null and not exists (select from customer c where c.customer_id = p.parent_id);
end;
comment on function data_quality_rows is
  'What looks wrong or is missing in the data, each with the events that say so. 数据质量问题明细及其依据事件。';

create function data_quality(as_of timestamptz default now(), known_at timestamptz default now())
returns table (finding text, subject text, n bigint) language sql stable
begin atomic
  select r.finding, r.subject, count(*) from data_quality_rows(as_of, known_at) r group by r.finding, r.subject;
end;
comment on function data_quality is 'How often each kind of doubtful or missing data occurs. 各类数据质量问题的数量。';
