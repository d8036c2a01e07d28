create table campaign_cost (
  campaign_id text not null,
  cost_id text not null,
  booked_for date not null,
  amount bigint not null,
  currency text not null,
  kind text not null,
  is_adjustment boolean not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  position bigint not null,
  event_id text not null,
  voided_at timestamptz,
  voided_recorded_at timestamptz,
  voided_position bigint,
  voided_event_id text,
  primary key (campaign_id, cost_id)
);
comment on table campaign_cost is 'What was spent on campaigns, in minor units; voided when taken back. 营销活动费用（最小货币单位）；撤销后失效。';
comment on column campaign_cost.is_adjustment is 'Booked after the campaign was closed';
