import type { Decider } from '#kernel';
import type * as commands from './numbers.commands.js';
import type { NumbersEvent } from './numbers.events.js';
import { numbersEvents } from './numbers.events.js';

/** So many at once. For ever: which block an event hands out follows from its revision. */
const BLOCK = 100;

/** The block that the n-th event of a series hands out. */
export const blockAt = (revision: bigint) => ({
  first: Number(revision) * BLOCK + 1,
  last: (Number(revision) + 1) * BLOCK,
});

/** Numbers 编号: a series on one local day, handed out in blocks (LI11); there may be gaps. */
export const numbers: Decider<{ readonly blocks: bigint }, NumbersEvent, typeof commands> = {
  name: 'numbers',
  events: numbersEvents,
  initial: { blocks: 0n },
  idOf: ({ seriesOfDay }) => seriesOfDay,
  decide: {
    TakeNumbers: ({ blocks }, { seriesOfDay }) => [{ type: 'NumbersTaken', data: { seriesOfDay, ...blockAt(blocks) } }],
  },
  evolve: {
    NumbersTaken: ({ blocks }) => ({ blocks: blocks + 1n }),
  },
};
