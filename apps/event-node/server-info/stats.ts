import { frameOf, MessageReader, tagOf } from '#protobuf';
import type { Call } from '../grpc/call.js';

const LONGEST_PERIOD = 2 ** 31 - 1;

/** What the process says of itself, as names and values. */
export function processStats(): Record<string, string> {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    'proc-id': String(process.pid),
    'proc-startTime': new Date(Date.now() - process.uptime() * 1000).toISOString(),
    'proc-mem': String(rss),
    'proc-heapUsed': String(heapUsed),
    'proc-cpuMilliseconds': String(Math.round((user + system) / 1000)),
  };
}

/** Monitoring/Stats: at once, and again each period for as long as the caller listens. */
export async function sendStats(call: Call): Promise<void> {
  const period = periodOf(await call.request());
  const send = (): void => {
    call.write(statsFrame());
  };
  send();
  const timer = setInterval(send, period);
  call.onEnd(() => {
    clearInterval(timer);
  });
}

const statsFrame = (): Buffer =>
  frameOf((to) => {
    for (const [name, value] of Object.entries(processStats())) {
      to.message(1, () => {
        to.text(1, name);
        to.text(2, value);
      });
    }
  });

function periodOf(body: Buffer): number {
  const reader = new MessageReader(body);
  let period = 0;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(4, 0)) period = reader.number();
    else reader.skip(tag);
  }
  return Math.min(Math.max(period, 100), LONGEST_PERIOD);
}
