import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedCase, Step } from '../cases.js';
import { list, number, object, text } from '../json.js';
import type { NodeProgram } from '../../faults/node-program.js';
import type { StrayErrors } from '../stray.js';
import { Symbols, type Difference } from '../symbols.js';
import type { Target } from '../target.js';
import { appendOptions, connect, invoke, isAsyncIterable, make } from './library.js';
import { Names } from './names.js';
import { expandMany, positionOptions, resolve, toBytes, unpack, withNumbers } from './notation.js';
import { describeError, originalOf, shownEvents } from './outcomes.js';
import { SubscriptionLog } from './subscription.js';

const OUTCOME = ['gives', 'throws', 'took', 'uncaught'] as const;
const LONGEST_STEP = 40_000;

type Args = Readonly<Record<string, unknown>>;
type Outcome = Record<string, unknown>;

/** Plays one case through the official client and tells what is otherwise than recorded. */
export async function playClientCase(
  one: RecordedCase,
  main: Target,
  spare: NodeProgram | undefined,
  stray: StrayErrors,
): Promise<Difference[]> {
  const names = new Names(main, spare?.address ?? '127.0.0.1:0');
  const player = new ClientPlayer(names, spare);
  const symbols = new Symbols();
  const found: Difference[] = [];
  try {
    if (one.server === 'spare') await spare?.start();
    player.connect(
      'main',
      names.localise(`esdb://$${one.server === 'spare' ? 'SPARE' : 'MAIN'}?tls=false${one.connection ?? ''}`),
    );
    for (const [index, step] of one.steps.entries()) {
      const args: unknown = JSON.parse(names.localise(JSON.stringify(resolve(step['args'] ?? {}, symbols))));
      const outcome = await player.perform({ ...step, args });
      const uncaught = stray.take().map((error) => describeError(error, names));
      if (uncaught.length > 0) outcome['uncaught'] = uncaught;
      for (const key of OUTCOME)
        found.push(...symbols.compare(step[key], outcome[key], `step ${index + 1} ${text(step['call'])} ${key}`));
    }
  } finally {
    await player.close();
    await sleep(30);
  }
  return [...found, ...symbols.compareOrder(one.order === 'as numbered' ? one.order : list(one.order).map(String))];
}

class ClientPlayer {
  private readonly clients = new Map<string, unknown>();
  private readonly subscriptions = new Map<string, SubscriptionLog>();
  private readonly underWay = new Map<string, Promise<Outcome>>();

  constructor(
    private readonly names: Names,
    private readonly spare: NodeProgram | undefined,
  ) {}

  connect(name: string, connectionString: string): void {
    this.clients.set(name, connect(connectionString));
  }

  /** One step, and what it gave or threw. */
  async perform(step: Step): Promise<Outcome> {
    const began = Date.now();
    const outcome = await this.outcomeOf(step);
    return step['timed'] === true ? { ...outcome, took: span(Date.now() - began) } : outcome;
  }

  async close(): Promise<void> {
    for (const subscription of this.subscriptions.values())
      void subscription.tell('unsubscribe').catch(() => undefined);
    for (const client of this.clients.values()) {
      await Promise.race([Promise.resolve(invoke(client, 'dispose', [])).catch(() => undefined), sleep(1000)]);
    }
  }

  private async outcomeOf(step: Step): Promise<Outcome> {
    const limit = number(step['atMost'], LONGEST_STEP);
    const tooLong = sleep(limit, undefined, { ref: false }).then(() => {
      throw new Error(`no answer within ${limit} ms`);
    });
    try {
      const gives = this.names.outcome(await Promise.race([this.call(step), tooLong]));
      return Object.keys(object(gives)).length > 0 ? { gives } : {};
    } catch (error) {
      return { throws: describeError(error, this.names) };
    }
  }

  private async call(step: Step): Promise<unknown> {
    const args = object(step['args']);
    const client = this.clients.get(text(step['on'], 'main'));
    const call = text(step['call']);
    const as = text(step['as']);
    switch (call) {
      case 'connect':
        this.connect(as, text(args['to']));
        return undefined;
      case 'dispose':
        return invoke(client, call, []);
      case 'wait':
        return sleep(number(args['ms']));
      case 'appendToStream':
        return invoke(client, call, [
          unpack(args['stream']),
          eventsOf(args['events']),
          args['options'] === undefined ? undefined : appendOptions(object(withNumbers(args['options']))),
        ]);
      case 'deleteStream':
      case 'tombstoneStream':
        return invoke(client, call, [args['stream'], withNumbers(args['options'])]);
      case 'setStreamMetadata':
        return invoke(client, call, [args['stream'], args['metadata'], withNumbers(args['options'])]);
      case 'getStreamMetadata':
        return invoke(client, call, [args['stream'], args['options']]);
      case 'readStream':
        return this.collect(invoke(client, call, [args['stream'], withNumbers(args['options'])]), step, args);
      case 'readAll':
        return this.collect(invoke(client, call, [positionOptions(args['options'])]), step, args);
      case 'subscribeToStream':
      case 'subscribeToAll':
        this.subscribe(client, call, step, args);
        return undefined;
      case 'receive':
        return this.subscriptions.get(text(args['from']))?.receive(args);
      case 'hold':
      case 'release':
      case 'unsubscribe':
        return this.subscriptions.get(text(args['from']))?.tell(TELL[call]);
      case 'parallel':
        return this.inParallel(step, args);
      case 'begin':
        this.underWay.set(as, this.perform({ ...step, call: args['call'], args: args['args'] }));
        return sleep(100);
      case 'finish':
        return Promise.race([
          this.underWay.get(text(args['begun'])),
          sleep(number(args['within'], 6000)).then(() => ({ stillPending: true })),
        ]);
      case 'server.start':
        await this.spare?.start();
        return { running: true };
      case 'server.signal':
        return this.spare?.signal(text(args['signal']), args['untilGone'] === true);
      default:
        throw new Error(`no such call: ${call}`);
    }
  }

  private async collect(source: unknown, step: Step, args: Args): Promise<unknown> {
    if (!isAsyncIterable(source)) throw new TypeError('not a read');
    const events: unknown[] = [];
    for await (const event of source) {
      const { only, stopAfter, stopBy } = args;
      if (typeof only === 'string' && !text(originalOf(event)['streamId']).includes(only)) continue;
      events.push(event);
      if (events.length !== stopAfter) continue;
      if (stopBy !== 'cancel') break;
      await invoke(source, 'cancel', []);
    }
    return shownEvents(events, text(step['show']));
  }

  private subscribe(client: unknown, call: string, step: Step, args: Args): void {
    const only = typeof args['only'] === 'string' ? args['only'] : undefined;
    const log = new SubscriptionLog(this.names, text(step['show']), only);
    const { kind, ...filter } = object(args['filter']);
    const made = typeof kind === 'string' && {
      filter: make(kind, { ...filter, checkpointReached: log.checkpointReached }),
    };
    const source =
      call === 'subscribeToStream'
        ? invoke(client, call, [args['stream'], withNumbers(args['options'])])
        : invoke(client, call, [positionOptions({ ...object(args['options']), ...made })]);
    log.attach(source);
    this.subscriptions.set(text(step['as']), log);
  }

  /** The same call many times at once: how many of each outcome, not which. */
  private async inParallel(step: Step, args: Args): Promise<unknown> {
    const outcomes = await Promise.all(
      Array.from({ length: number(args['times']) }, (_, index) => {
        const copy: unknown = JSON.parse(JSON.stringify(args['args']).replaceAll('#', String(index + 1)));
        return this.perform({ ...step, call: args['call'], args: copy });
      }),
    );
    const tally: Record<string, number> = {};
    for (const outcome of outcomes) tally[tallied(outcome)] = (tally[tallied(outcome)] ?? 0) + 1;
    const won = outcomes.map((outcome) => object(outcome['gives'])).filter((gives) => 'success' in gives);
    return {
      tally,
      nextExpectedRevisions: won
        .map((gives) => text(gives['nextExpectedRevision']))
        .toSorted((a, b) => parseInt(a) - parseInt(b)),
      distinctPositions: new Set(won.map((gives) => gives['position'])).size,
    };
  }
}

const TELL = { hold: 'pause', release: 'resume', unsubscribe: 'unsubscribe' } as const;

function tallied({ gives, throws }: Outcome): string {
  if (throws === undefined) return `gives success ${String(object(gives)['success'])}`;
  const { class: name, fields } = object(throws);
  return `throws ${text(name)}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`;
}

function eventsOf(events: unknown): unknown {
  return Array.isArray(events) ? events.flatMap(expandMany).map(eventOf) : eventOf(events);
}

function eventOf(event: unknown): unknown {
  const { binary, ...rest } = object(event);
  const plain = {
    ...rest,
    type: unpack(rest['type']),
    ...('metadata' in rest && { metadata: unpack(rest['metadata']) }),
  };
  const data = rest['data'];
  return binary === true
    ? make('binaryEvent', { ...plain, data: toBytes(data) })
    : make('jsonEvent', { ...plain, data: unpack(data) });
}

function span(milliseconds: number): string {
  const limits = [
    [500, '< 0.5 s'],
    [1500, '0.5–1.5 s'],
    [4000, '1.5–4 s'],
    [8000, '4–8 s'],
    [13_000, '8–13 s'],
  ] as const;
  return limits.find(([limit]) => milliseconds < limit)?.[1] ?? '> 13 s';
}
