import type { Call } from '../grpc/call.js';
import { CallError, Code, handlerFailed } from '../grpc/status.js';
import type { EventLog } from '../log/event-log.js';
import { readReadRequest, type FilterOptions, type ReadOptions, type ReadTarget } from '../protocol/read-request.js';
import { Presenter } from './presenter.js';
import { readAll } from './read-all.js';
import { readStream } from './read-stream.js';
import { subscribeToAll } from './subscribe-to-all.js';
import { subscribeToStream } from './subscribe-to-stream.js';

const BACKWARDS = 1;

/** Streams/Read: a read, or a subscription, of a stream or of the whole log. */
export async function read(log: EventLog, call: Call): Promise<void> {
  const options = readReadRequest(await call.request());
  const { target, amount, filter } = checked(options);
  const presenter = new Presenter(log, { structuredIds: options.ids === 'structured' }, options.resolveLinks);
  const backwards = options.direction === BACKWARDS;
  const withIds = options.ids !== undefined;
  if (amount === 'subscription') {
    const subscription = { log, call, presenter, withIds };
    if (target.kind === 'stream') await subscribeToStream(subscription, target);
    else await subscribeToAll(subscription, target.from, filter);
    return;
  }
  const request = { log, call, presenter, withIds, backwards, count: amount };
  if (target.kind === 'stream') await readStream(request, target, options.compatibility);
  else await readAll(request, target.from, filter);
}

interface Checked {
  readonly target: ReadTarget;
  readonly amount: NonNullable<ReadOptions['amount']>;
  readonly filter: FilterOptions | undefined;
}

/** Refuses what the real server refuses, in its words. */
function checked({ target, amount, filter, direction }: ReadOptions): Checked {
  if (!target) {
    const type = 'EventStore.Client.Streams.ReadReq+Types+Options+StreamOptionOneofCase';
    throw new CallError(Code.INVALID_ARGUMENT, `'None' is not a valid ${type}`);
  }
  const isPossible =
    (direction === 0 || (direction === BACKWARDS && amount !== 'subscription')) &&
    (target.kind === 'all' || filter === 'none');
  if (!isPossible || amount === undefined || filter === undefined) {
    const parts = [
      target.kind === 'stream' ? 'Stream' : 'All',
      amount === undefined ? 'None' : amount === 'subscription' ? 'Subscription' : 'Count',
      direction === 0 ? 'Forwards' : direction === BACKWARDS ? 'Backwards' : String(direction),
      filter === undefined ? 'None' : filter === 'none' ? 'NoFilter' : 'Filter',
    ];
    throw new CallError(Code.INVALID_ARGUMENT, `The combination of (${parts.join(', ')}) is invalid.`);
  }
  if (!isPlaced(target)) throw handlerFailed();
  return { target, amount, filter: filter === 'none' ? undefined : filter };
}

const isPlaced = (target: ReadTarget<undefined>): target is ReadTarget => target.from !== undefined;
