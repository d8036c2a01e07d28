import { works } from './works.js';

/** Does one kind of work whenever it is told to, in a process of its own: its memory and its garbage are not another's. */
const [name = ''] = process.argv.slice(2);
const work = Object.entries(works).find(([known]) => known === name)?.[1];
if (work === undefined) throw new Error(`nobody knows how to do ${name}`);
process.on('message', (told) => {
  // The one who starts the worker of a kind of work knows what that work is told.
  void work(told as never).then((done) =>
    process.send?.({ ...done, peakMegabytes: process.resourceUsage().maxRSS / 1024 }),
  );
});
process.on('disconnect', () => process.exit());
