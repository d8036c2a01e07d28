import type { RecordedEvent } from '#kernel';
import { leadFunnel } from '#projections/lead-funnel/lead-funnel.projection';
import { decodeByClient } from './by-client.js';
import { rebuildDocumentsByEmmett, rebuildRowsByEmmett, storeInEmmett } from './by-emmett.js';
import { upsertByHand } from './by-hand.js';
import { catchUp, follow, projections, rebuild } from './by-us.js';
import { DemoLog, fillLog } from './demo-log.js';
import { fingerprintOf } from './funnel-tables.js';
import { openCodec, type Place, readEvents } from './place.js';

/** What a worker is told to work on. */
export interface Work {
  readonly place: Place;
  /** The events in the log, and the position of the last one. */
  readonly events: number;
  readonly last: bigint;
  /** An empty database for what is made. */
  readonly databaseUrl: string;
}

export interface Done {
  readonly milliseconds: number;
  /** Tells whether two programs have made the same rows of the lead funnel. */
  readonly rows?: string;
}

/** The log that is to be filled. */
export interface Filling extends Omit<Work, 'place' | 'last'> {
  readonly place: Omit<Place, 'eventStoreUrl'>;
  readonly template: readonly RecordedEvent[];
  readonly sideBySide: number;
}

const all = projections.map(({ name }) => name);
let remembered: readonly RecordedEvent[] = [];

/** What is measured, each kind in a worker of its own. */
export const works = {
  client: async ({ place, events }: Work): Promise<Done> => ({ milliseconds: await decodeByClient(place, events) }),
  funnel: async (work: Work): Promise<Done> => {
    const { milliseconds, schemas } = await rebuild(work, [leadFunnel.name]);
    return { milliseconds, rows: await fingerprintOf(work.databaseUrl, schemas[0] ?? '') };
  },
  all: async (work: Work): Promise<Done> => {
    const { milliseconds } = await rebuild(work, all);
    return { milliseconds };
  },
  catchUp: async (work: Work): Promise<Done> => ({ milliseconds: await catchUp(work) }),
  /** It goes on until the worker ends. */
  follow: async (work: Work): Promise<Done> => {
    const { milliseconds } = await follow(work);
    return { milliseconds };
  },
  hand: async ({ place, databaseUrl }: Work): Promise<Done> => {
    if (remembered.length === 0) remembered = await readEvents(place, ({ type }) => type in leadFunnel.on);
    const milliseconds = await upsertByHand(remembered, databaseUrl);
    return { milliseconds, rows: await fingerprintOf(databaseUrl, 'public') };
  },
  /** Of a part of the streams, so that there are as many events as `events`. */
  emmettStore: async ({ place, databaseUrl, events }: Work): Promise<Done> => {
    const start = performance.now();
    await storeInEmmett((await readEvents(place, isOfTheTenth)).slice(0, events), databaseUrl);
    return { milliseconds: performance.now() - start };
  },
  emmettDocuments: (work: Work): Promise<Done> => emmett(work, rebuildDocumentsByEmmett),
  emmettRows: (work: Work): Promise<Done> => emmett(work, rebuildRowsByEmmett),
  fill: async ({ place, template, sideBySide, events, databaseUrl }: Filling): Promise<Done> => {
    const { codec, close } = await openCodec(place);
    const start = performance.now();
    await fillLog(databaseUrl, new DemoLog(template, codec, sideBySide), events);
    await close();
    return { milliseconds: performance.now() - start };
  },
};

async function emmett({ databaseUrl }: Work, rebuilt: (databaseUrl: string) => Promise<number>) {
  const milliseconds = await rebuilt(databaseUrl);
  return { milliseconds, rows: await fingerprintOf(databaseUrl, 'public') };
}

/** Somewhat more than a tenth of all streams, whole, whichever they are. */
const isOfTheTenth = ({ streamId }: RecordedEvent): boolean => Number.parseInt(streamId.slice(-2), 16) < 27;
