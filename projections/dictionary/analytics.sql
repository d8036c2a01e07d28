create function words() returns table (word text, meaning text) language sql immutable
begin atomic
  {{words}};
end;
comment on function words is 'What every column and parameter means, wherever it stands. 每个列名与参数名的含义。';

create view data_dictionary as
with home as (
  select pronamespace as schema from pg_proc where oid = 'words'::regproc
), objects as (
  select v.oid, v.relname::text as object, 'view' as kind, obj_description(v.oid, 'pg_class') as about
  from pg_class v join home on v.relnamespace = home.schema
  where v.relkind = 'v'
  union all
  select f.oid, f.proname::text, case when f.proretset then 'table function' else 'function' end,
    obj_description(f.oid, 'pg_proc')
  from pg_proc f join home on f.pronamespace = home.schema
  union all
  select t.oid, t.typname::text, 'type', obj_description(t.oid, 'pg_type')
  from pg_type t join home on t.typnamespace = home.schema
  where t.typtype = 'd'
), parts as (
  select a.attrelid as oid, a.attnum::int as place, 'column' as role, a.attname::text as name,
    format_type(a.atttypid, a.atttypmod) as type
  from pg_attribute a
  where a.attnum > 0 and not a.attisdropped
  union all
  select f.oid, arguments.place::int, case when arguments.mode = 't' then 'result' else 'parameter' end, arguments.name,
    format_type(arguments.type, null)
  from pg_proc f
  cross join lateral unnest(
    coalesce(f.proallargtypes, f.proargtypes::oid[]), f.proargnames,
    coalesce(f.proargmodes::text[], array_fill('i'::text, array[coalesce(cardinality(f.proargnames), 0)]))
  ) with ordinality as arguments (type, name, mode, place)
  where arguments.name is not null
  union all
  select c.contypid, allowed.place::int, 'value', allowed.quoted[1], null
  from pg_constraint c
  cross join lateral regexp_matches(pg_get_constraintdef(c.oid), '''([^'']+)''', 'g')
    with ordinality as allowed (quoted, place)
  where c.contypid <> 0
)
select o.object, o.kind, o.about, p.place, p.role, p.name, p.type, w.meaning
from objects o
left join parts p on p.oid = o.oid
left join words() w on w.word = p.name and p.role <> 'value';
comment on view data_dictionary is
  'This dictionary: every view, function and type of the schema with its columns, parameters, results and values. '
  '数据字典：所有视图、函数与类型的列、参数、结果与取值。';

-- Views show what the words mean; a comment of a table's own comes behind.
do $$
declare
  c record;
begin
  for c in
    select v.oid, v.relnamespace::regnamespace as schema, v.relname, a.attname, a.attnum, w.meaning,
      col_description(v.oid, a.attnum) as own
    from pg_class v
    join pg_attribute a on a.attrelid = v.oid and a.attnum > 0 and not a.attisdropped
    join words() w on w.word = a.attname
    where v.relkind = 'v' and v.relnamespace::regnamespace::text = any (current_schemas(false)::text[])
  loop
    execute format('comment on column %s.%I.%I is %L', c.schema, c.relname, c.attname, concat_ws(' ', c.meaning, c.own));
  end loop;
end $$;
