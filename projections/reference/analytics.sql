create function label_of(dimension text, key text) returns text language sql stable
begin atomic
  select coalesce(case
    when dimension in ('owner', 'manager', 'first_owner') then (select e.name from employee e where e.employee_id = key)
    when dimension = 'unit' then (select u.name from org_unit u where u.unit_id = key)
    when dimension = 'product' then (select p.name from product p where p.product_id = key)
    when dimension in ('customer', 'parent') then
      (select coalesce(c.legal_name, c.short_name, c.customer_number) from customer c where c.customer_id = key)
    when dimension = 'campaign' then (select c.name from campaign c where c.campaign_id = key)
    when dimension = 'process' then (select p.name from sales_process p where p.process_id = key)
  end, key, '(empty)');
end;
comment on function label_of is
  'The name to show for the key of a row; (empty) where a report has rows without a key. 报表行键的显示名称；无键时为 (empty)。';
