import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import type { RecordedEvent } from '#kernel';
import { absolute, interleaved, percentile, type Measures, ratioOf, type Say } from '../measure.js';
import { DemoLog } from './demo-log.js';
import { Live } from './live.js';
import { openCodec } from './place.js';
import { Site } from './site.js';
import { playDemo } from './template.js';
import { Worker } from './workers.js';
import type { Work, works } from './works.js';

const ROUNDS = 5;
const EVENTS = 100_000;
const MANY_EVENTS = 1_000_000;
/** Emmett gets a tenth, or the bench would last an hour. */
const FEW_EVENTS = 10_000;
const EMMETT = 'emmett';
const LIVE = { perSecond: 1_000, seconds: 2, idle: 60 };

type Log = Omit<Work, 'databaseUrl'>;

/** Rebuilds and live projections of the demo's events, beside what bounds them and what else could be used. */
export async function benchProjections(say: Say): Promise<Measures> {
  const site = await Site.open();
  try {
    const template = await playDemo(site);
    const log = await makeLog(site, template, EVENTS, say);
    const few = { ...log, events: FEW_EVENTS };
    await storeForEmmett(site, few);
    const contenders = [
      ...(['client', 'funnel', 'all', 'catchUp', 'hand'] as const).map((name) => contender(site, name, log)),
      contender(site, 'emmettDocuments', few, EMMETT),
    ];
    const figures = await interleaved(contenders, ROUNDS, say);
    const peak = contenders.find(({ name }) => name === 'all')?.peak() ?? NaN;
    await Promise.all(contenders.map(({ stop }) => stop()));
    const byHand = contender(site, 'emmettRows', few, EMMETT);
    const emmettRows = await interleaved([byHand], 1, say);
    await byHand.stop();
    const live = await measureLive(site, template, log, say);
    const large = contender(site, 'all', await makeLog(site, template, MANY_EVENTS, say));
    const rate = await large.run();
    await large.stop();
    say(`all of ${MANY_EVENTS} ${rate}`);
    return {
      ...ratios(new Map([...figures, ...emmettRows])),
      ...live,
      ...flatness(figures.get('all') ?? NaN, rate, peak, large.peak()),
    };
  } finally {
    await site.close();
  }
}

/** One of the rounds' contenders in a process of its own, which lasts so that its code is warm; its figure is events per second. */
function contender(site: Site, name: Exclude<keyof typeof works, 'fill'>, log: Log, original?: string) {
  const worker = new Worker(name);
  let peak = 0;
  return {
    name,
    peak: () => peak,
    run: () =>
      site.withDatabase(async (databaseUrl) => {
        const { milliseconds, peakMegabytes, rows } = await worker.do({ ...log, databaseUrl });
        peak = peakMegabytes;
        if (rows !== undefined) site.compareRows(log.events, rows);
        return (log.events / milliseconds) * 1_000;
      }, original),
    stop: () => worker.stop(),
  };
}

/** Brings events into a store of Emmett's own, of which each of its rebuilds gets a copy. */
async function storeForEmmett(site: Site, log: Log): Promise<void> {
  const worker = new Worker('emmettStore');
  await worker.do({ ...log, databaseUrl: await site.logUrl(EMMETT) });
  await worker.stop();
}

/** A log of so many events, served by a node. */
async function makeLog(site: Site, template: readonly RecordedEvent[], events: number, say: Say): Promise<Log> {
  const name = `log_of_${events}`;
  // Many new objects live for one batch: with a large young generation, collecting them costs little.
  const filler = new Worker('fill', ['--max-semi-space-size=64']);
  const sideBySide = Math.ceil(EVENTS / template.length);
  const databaseUrl = await site.logUrl(name);
  const { milliseconds } = await filler.do({ place: site.keys, template, sideBySide, events, databaseUrl });
  await filler.stop();
  say(`a log of ${events} events was written in ${Math.round(milliseconds / 1_000)} s`);
  const place = await site.serve(name);
  return { place, events, last: await endOf(place.eventStoreUrl) };
}

async function endOf(eventStoreUrl: string): Promise<bigint> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  let end = 0n;
  for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))
    end = event?.position.commit ?? end;
  await client.dispose();
  return end;
}

async function measureLive(site: Site, template: readonly RecordedEvent[], log: Log, say: Say): Promise<Measures> {
  return site.withDatabase(async (databaseUrl) => {
    const projector = new Worker('follow');
    await projector.do({ ...log, databaseUrl });
    const { codec, close } = await openCodec(site.keys);
    const live = new Live(log.place, databaseUrl, new DemoLog(template, codec, 40, 1_000_001));
    try {
      await live.steady(LIVE.perSecond, 1);
      const figures = await interleaved(
        [
          { name: 'idle', run: async () => percentile(await live.idle(LIVE.idle), 0.99) },
          { name: 'steady', run: async () => percentile(await live.steady(LIVE.perSecond, LIVE.seconds), 0.99) },
        ],
        ROUNDS,
        say,
      );
      const [shown, appended] = await live.capturedLeads(log.last);
      if (shown !== appended) throw new Error(`${appended} leads were captured, the read models show ${shown}`);
      return {
        'p99 until an event is visible, idle': absolute(figures.get('idle') ?? NaN, 'ms', 30),
        [`p99 until an event is visible, ${LIVE.perSecond} events/s`]: absolute(
          figures.get('steady') ?? NaN,
          'ms',
          100,
        ),
      };
    } finally {
      await live.close();
      await close();
      await projector.stop();
    }
  });
}

function ratios(figures: ReadonlyMap<string, number>): Measures {
  const [client = NaN, funnel = NaN, all = NaN, catchUp = NaN, hand = NaN, documents = NaN, rows = NaN] =
    figures.values();
  return {
    "rebuild of the lead funnel, beside the client's decoding": ratioOf(funnel, client, 'events/s', 0.6),
    "rebuild of all projections, beside the client's decoding": ratioOf(all, client, 'events/s', 0.4),
    "live pipeline catching up, beside the client's decoding": ratioOf(catchUp, client, 'events/s'),
    'rebuild of the lead funnel, beside upserts by hand from memory': ratioOf(funnel, hand, 'events/s'),
    'rebuild of the lead funnel, beside Emmett as its guide shows it': ratioOf(funnel, documents, 'events/s', 25),
    // Not a documented way, and so no target: one run says how far it is.
    'rebuild of the lead funnel, beside Emmett with statements by hand': ratioOf(funnel, rows, 'events/s'),
  };
}

const flatness = (rate: number, largeRate: number, peak: number, largePeak: number): Measures => ({
  'rebuild of all projections, a million events beside 100,000': ratioOf(largeRate, rate, 'events/s', 0.85),
  'peak memory of a rebuild of 100,000 events': absolute(peak, 'MB'),
  'peak memory of a rebuild of a million events': absolute(largePeak, 'MB', peak * 1.2),
});
