import { Command, Id } from '#event-store';
import type { Policy } from '#kernel';
import { cancel, schedule, send, wake } from '#kernel';
import type { ItemEvent } from '../read-store/items.js';

/** Somebody dusts an item. */
export class DustItem extends Command {
  @Id() readonly item!: string;
  @Id() readonly at!: string;
}

/** Somebody greets an item when it comes. */
export class GreetItem extends Command {
  @Id() readonly item!: string;
}

const DAY_MS = 86_400_000;
const later = (moment: string, days: number) => new Date(Date.parse(moment) + days * DAY_MS).toISOString();

/** A made-up policy for specs of the runner: what is put is greeted and dusted every ten days until it is taken. */
export const dustWhatLies: Policy<ItemEvent, { readonly item: string }> = {
  name: 'dust-what-lies',
  when: {
    ItemPut: ({ data: { item, shelf }, occurredAt }) => [
      send(GreetItem.of({ item })),
      schedule({ key: item, at: later(occurredAt, 10), data: { item }, group: shelf }),
    ],
    ItemMoved: ({ data: { item, shelf }, occurredAt }) => [
      schedule({ key: item, at: later(occurredAt, 10), data: { item }, group: shelf }),
    ],
    ItemNoted: ({ data: { item, note } }) => {
      if (note === 'poison') throw new Error(`no shelf for ${item}`);
      return note === 'wake' ? [wake(item)] : [];
    },
    ItemTaken: ({ data: { item } }) => [cancel(item)],
  },
  due: ({ key, data: { item }, at, now, group }) => {
    if (item === 'cursed') throw new Error('the duster broke');
    return [
      send(DustItem.of({ item, at })),
      schedule({ key, at: later(now, 10), data: { item }, ...(group && { group }) }),
    ];
  },
  refused: { DustItem: ({ now }) => [schedule({ key: 'complaint', at: later(now, 1), data: { item: 'complaint' } })] },
};
