import type { CustomerEvent } from '#crm/customer-record/customer/customer.events';
import type { CampaignEvent } from '#crm/marketing/campaign/campaign.events';
import type { ProductEvent } from '#crm/offer/product/product.events';
import type { SalesProcessEvent } from '#crm/pipeline/sales-process/sales-process.events';
import type { Money, Projection, RecordedEvent, Row, RowChange } from '#kernel';
import { table } from '#kernel';
import { factOf, type Fact } from '../columns.js';
import { sqlFile } from '#read-store';

const products = table<ProductRow>()('product', 'product_id');
const prices = table<PriceRow>()('product_price', 'product_id', 'revision');
const customers = table<CustomerRow>()('customer', 'customer_id');
const parents = table<ParentRow>()('customer_parent', 'customer_id', 'revision');
const campaigns = table<CampaignRow>()('campaign', 'campaign_id');
const processes = table<Readonly<{ process_id: string; name: string }>>()('sales_process', 'process_id');
const stages = table<StageRow>()('process_stage', 'process_id', 'version', 'stage_id');

/** What reports name their rows by: products, customers and their parents, campaigns, processes and stages. */
export const reference: Projection<ProductEvent | CustomerEvent | CampaignEvent | SalesProcessEvent> = {
  name: 'reference',
  schema: sqlFile(import.meta.url, './schema.sql'),
  analytics: sqlFile(import.meta.url, './analytics.sql'),
  personal: [customers.tellsOf('customer', 'customer_id', ['legal_name', 'short_name'])],
  on: {
    ProductListed: (event) => {
      const { productId, productNumber = null, name, series = null, listPrice } = event.data;
      return [
        products.insert({
          product_id: productId,
          product_number: productNumber,
          name,
          series,
          retired_at: null,
          event_id: event.eventId,
        }),
        ...(listPrice ? [priceSet(event, productId, listPrice)] : []),
      ];
    },
    ProductRevised: ({ data: { productId, changes } }) => [
      products.patch({ product_id: productId }, revised(changes, productColumns)),
    ],
    PriceSet: (event) => [priceSet(event, event.data.productId, event.data.new, event.data.validFrom)],
    ProductRetired: ({ data, occurredAt }) => [
      products.patch({ product_id: data.productId }, { retired_at: occurredAt }),
    ],

    CustomerRegistered: (event) => {
      const { customerId, customerNumber, partyType, profile, classification, parentId, leadId, source } = event.data;
      const { industry = null, level = null, region = null, country = null, city = null } = classification;
      return [
        customers.insert({
          customer_id: customerId,
          customer_number: customerNumber ?? null,
          legal_name: profile.legalName ?? null,
          short_name: profile.shortName ?? null,
          party_type: partyType,
          source: source ?? null,
          lead_id: leadId ?? null,
          ...{ industry, level, region, country, city },
          ...factOf(event),
        }),
        parents.insert(parentRow(event, parentId)),
      ];
    },
    CustomerProfileCorrected: (event) => correction(event, event.data.changes),
    KeyFieldRevised: (event) => correction(event, [event.data.change]),

    CampaignPlanned: ({ eventId, data: { campaignId, name, channel, startsOn, endsOn } }) => [
      campaigns.insert({
        campaign_id: campaignId,
        name,
        channel: channel ?? null,
        starts_on: startsOn ?? null,
        ends_on: endsOn ?? null,
        status: 'planned',
        event_id: eventId,
      }),
    ],
    CampaignRevised: ({ data: { campaignId, changes } }) => [
      campaigns.patch({ campaign_id: campaignId }, revised(changes, campaignColumns)),
    ],
    CampaignApproved: ({ data }) => [campaigns.patch({ campaign_id: data.campaignId }, { status: 'approved' })],
    CampaignLaunched: ({ data }) => [campaigns.patch({ campaign_id: data.campaignId }, { status: 'running' })],
    CampaignClosed: ({ data }) => [campaigns.patch({ campaign_id: data.campaignId }, { status: 'closed' })],

    SalesProcessDefined: ({ data }) => [processes.insert({ process_id: data.processId, name: data.name })],
    SalesProcessVersionPublished: ({ data: { processId, version, stages: published } }) =>
      published.map(({ id, name, orderIndex, kind, probability, maxDays }) =>
        stages.insert({
          process_id: processId,
          version,
          stage_id: id,
          name,
          order_index: orderIndex,
          kind,
          probability,
          max_days: maxDays ?? null,
        }),
      ),
  },
};

type Text = string | null;
type ProductRow = Readonly<
  Record<'product_id' | 'name' | 'event_id', string> & Record<'product_number' | 'series' | 'retired_at', Text>
>;
type PriceRow = Fact &
  Readonly<{ product_id: string; revision: bigint; list_price: number; currency: string; valid_from: Text }>;
type CustomerColumns = 'legal_name' | 'short_name' | 'industry' | 'level' | 'region' | 'country' | 'city';
type CustomerRow = Fact &
  Readonly<
    Record<'customer_id' | 'party_type', string> &
      Record<'customer_number' | 'source' | 'lead_id' | CustomerColumns, Text>
  >;
type ParentRow = Fact & Readonly<{ customer_id: string; revision: bigint; parent_id: Text }>;
type CampaignRow = Readonly<
  Record<'campaign_id' | 'name' | 'status' | 'event_id', string> & Record<'channel' | 'starts_on' | 'ends_on', Text>
>;
type StageRow = Readonly<
  Record<'process_id' | 'stage_id' | 'name' | 'kind', string> &
    Record<'version' | 'order_index' | 'probability', number> & { max_days: number | null }
>;

/** Which columns show the fields that change events name. */
const productColumns = { productNumber: 'product_number', name: 'name', series: 'series' } as const;
const campaignColumns = { name: 'name', channel: 'channel', startsOn: 'starts_on', endsOn: 'ends_on' } as const;
const customerColumns = {
  industry: 'industry',
  level: 'level',
  region: 'region',
  country: 'country',
  city: 'city',
} as const;
const personalColumns = { legalName: 'legal_name', shortName: 'short_name' } as const;

type Change = Readonly<{ field: string; new?: string; personal?: Readonly<{ new?: string }> }>;
type Columns = Readonly<Record<string, string>>;

/** What is sealed reaches personal columns only, so that nothing of it is left elsewhere when it is erased. */
function revised(changes: readonly Change[], columns: Columns, personalColumns: Columns = {}): Row {
  return Object.fromEntries(
    changes.flatMap(({ field, new: clear, personal }) => {
      const [column, value] = personal ? [personalColumns[field], personal.new] : [columns[field], clear];
      return column === undefined ? [] : [[column, value ?? null]];
    }),
  );
}

function correction(
  event: RecordedEvent<CustomerEvent, 'CustomerProfileCorrected' | 'KeyFieldRevised'>,
  changes: readonly Change[],
): readonly RowChange[] {
  const parent = changes.find(({ field }) => field === 'parentId');
  return [
    customers.patch({ customer_id: event.data.customerId }, revised(changes, customerColumns, personalColumns)),
    ...(parent ? [parents.insert(parentRow(event, parent.new))] : []),
  ];
}

const parentRow = (event: RecordedEvent<CustomerEvent>, parentId: Text = null): ParentRow => ({
  customer_id: event.data.customerId,
  revision: event.revision,
  parent_id: parentId,
  ...factOf(event),
});

const priceSet = (event: RecordedEvent<ProductEvent>, product_id: string, price: Money, validFrom?: string) =>
  prices.insert({
    product_id,
    revision: event.revision,
    list_price: price.amount,
    currency: price.currency,
    valid_from: validFrom ?? null,
    ...factOf(event),
  });
