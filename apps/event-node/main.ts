import { rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startEventNode } from './event-node.js';
import { readSecurity, type Security } from './security/security.js';

const USAGE =
  'usage: event-node --port N --database-url postgres://… [--host 127.0.0.1] [--pid-file F]\n' +
  '       [--tls-certificate F --tls-key F --user-file F]';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'database-url': { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    'pid-file': { type: 'string' },
    'tls-certificate': { type: 'string' },
    'tls-key': { type: 'string' },
    'user-file': { type: 'string' },
  },
});

const port = Number(values.port);
const databaseUrl = values['database-url'];
if (databaseUrl === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) fail(new Error(USAGE));

const pidFile = values['pid-file'];
const { host } = values;
const node = await startEventNode({ host, port, databaseUrl, security: security(), onFatal: fail }).catch(fail);
if (pidFile !== undefined) await writeFile(pidFile, `${process.pid}\n`);
process.stdout.write(`event node ready ${node.url}\n`);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (!stopping) void stop().catch(fail);
    stopping = true;
  });
}

function security(): Security | undefined {
  const { 'tls-certificate': certificate, 'tls-key': key, 'user-file': user } = values;
  try {
    return readSecurity({ certificate, key, user }, host);
  } catch (error) {
    return fail(error);
  }
}

async function stop(): Promise<void> {
  await node.stop();
  if (pidFile !== undefined) await rm(pidFile, { force: true });
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
