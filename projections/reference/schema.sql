create table product (
  product_id text primary key,
  product_number text,
  name text not null,
  series text,
  retired_at timestamptz,
  event_id text not null
);
comment on table product is 'Products under their present name and series. 产品（当前名称、系列）。';

create table product_price (
  product_id text not null,
  revision bigint not null,
  list_price bigint not null,
  currency text not null,
  valid_from date,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  primary key (product_id, revision)
);
comment on table product_price is 'List prices in minor units, each from a day on; NULL day: at once. 产品标价（最小货币单位）及生效日。';

create table customer (
  customer_id text primary key,
  customer_number text,
  legal_name text,
  short_name text,
  party_type text not null,
  source text,
  lead_id text,
  industry text,
  level text,
  region text,
  country text,
  city text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null
);
comment on table customer is 'Customers under their present name and classification. 客户（当前名称与分类）。';

create table customer_parent (
  customer_id text not null,
  revision bigint not null,
  parent_id text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  primary key (customer_id, revision)
);
comment on table customer_parent is 'To which parent a customer belongs from a moment on; NULL: to none. 客户的母公司（自某一时刻起）。';

create table campaign (
  campaign_id text primary key,
  name text not null,
  channel text,
  starts_on date,
  ends_on date,
  status text not null,
  event_id text not null
);
comment on table campaign is 'Campaigns with their present plan and state. 营销活动。';

create table sales_process (
  process_id text primary key,
  name text not null
);
comment on table sales_process is 'Ways of selling. 销售流程。';

create table process_stage (
  process_id text not null,
  version int not null,
  stage_id text not null,
  name text not null,
  order_index int not null,
  kind text not null,
  probability int not null,
  max_days int,
  primary key (process_id, version, stage_id)
);
comment on table process_stage is 'The stages of each published version, in order; probability in percent. 各版本流程的阶段。';
