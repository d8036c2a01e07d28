import type { Projection, Recorded, RecordedEvent } from '#kernel';
import { table } from '#kernel';
import { recorded } from '../spec.js';

/** A made-up domain for specs of the read store: items on shelves. */
export type ItemEvent =
  | {
      readonly type: 'ItemPut';
      readonly data: { readonly item: string; readonly shelf: string; readonly note?: string };
    }
  | { readonly type: 'ItemMoved'; readonly data: { readonly item: string; readonly shelf: string } }
  | { readonly type: 'ItemNoted'; readonly data: { readonly item: string; readonly note: string } }
  | { readonly type: 'ItemTaken'; readonly data: { readonly item: string } };

const itemRows = table<{ item: string; shelf: string; note: string | null; put_by: string }>()('items', 'item');
const moveRows = table<{ stream: string; revision: bigint; shelf: string | null; recorded_at: string }>()(
  'moves',
  'stream',
  'revision',
);

/** Where each item is: rows that are inserted, replaced, patched and deleted. */
export const items: Projection<ItemEvent> = {
  name: 'items',
  schema: `
    create table items (item text primary key, shelf text not null, note text, put_by text not null);
    comment on table items is 'Where each item is; 每件物品所在';
    comment on column items.shelf is 'The shelf it lies on';`,
  analytics: `
    create view items_by_shelf as select shelf, count(*) as items from items group by shelf;
    create function items_on(wanted text) returns bigint language sql stable
    begin atomic select items from items_by_shelf where shelf = wanted; end;`,
  on: {
    ItemPut: ({ data, actor }) => [
      itemRows.insert({ item: data.item, shelf: data.shelf, note: data.note ?? null, put_by: actor.displayName ?? '' }),
    ],
    ItemMoved: ({ data }) => [itemRows.patch(data, { shelf: data.shelf })],
    ItemNoted: ({ data }) => [itemRows.patch(data, { note: data.note })],
    ItemTaken: ({ data }) => [itemRows.delete(data)],
  },
};

/** Every move, as facts that never change. */
export const moves: Projection<ItemEvent> = {
  name: 'moves',
  schema: `create table moves (stream text, revision bigint, shelf text, recorded_at timestamptz not null,
                               primary key (stream, revision));`,
  on: {
    ItemPut: (event) => [moved(event, event.data.shelf)],
    ItemMoved: (event) => [moved(event, event.data.shelf)],
    ItemTaken: (event) => [moved(event, null)],
  },
};

const moved = ({ stream, revision, recordedAt }: Recorded, shelf: string | null) =>
  moveRows.insert({ stream, revision, shelf, recorded_at: recordedAt });

/** The n-th event of a log of one stream per item. */
export function itemEvent(place: number, event: ItemEvent): RecordedEvent {
  const position = { commit: BigInt(place * 100), prepare: BigInt(place * 100) };
  return recorded(event, place, { position, stream: `item-${event.data.item}`, streamId: event.data.item });
}

export const put = (item: string, shelf: string, note?: string): ItemEvent => ({
  type: 'ItemPut',
  data: { item, shelf, ...(note !== undefined && { note }) },
});
export const move = (item: string, shelf: string): ItemEvent => ({ type: 'ItemMoved', data: { item, shelf } });
export const take = (item: string): ItemEvent => ({ type: 'ItemTaken', data: { item } });
