import { InvalidArgumentError, type Command } from 'commander';
import { startEmbeddedStack } from '#embedded';
import { firstSignal, runUntil } from '../server/lifecycle.js';

interface EventNodeFlags {
  readonly port?: number;
  readonly host?: string;
  readonly data: string;
  readonly pidFile?: string;
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
  readonly userFile?: string;
}

/** `taizhang event-node`: the event store alone, for other programs to use. */
export function registerEventNode(taizhang: Command): void {
  taizhang
    .command('event-node')
    .description('run the event node alone, on its own Postgres')
    .option('--port <number>', 'where clients connect (default: a free port)', portNumber)
    .option('--host <address>', 'the address to listen on (default: 127.0.0.1; any other needs TLS and a user)')
    .option('--data <folder>', 'keeps the log and everything else', './.data')
    .option('--pid-file <file>', 'receives the pid of the node process')
    .option('--tls-certificate <file>', 'serves TLS with this certificate (PEM)')
    .option('--tls-key <file>', 'the key of the certificate (PEM)')
    .option('--user-file <file>', 'one line, name:password: the only user there is')
    .action(runEventNode);
}

async function runEventNode({ data, ...node }: EventNodeFlags): Promise<void> {
  const signal = firstSignal();
  const stack = await startEmbeddedStack({ folder: data, log: console.error, node });
  console.log(`event node ready ${stack.eventStoreUrl}`);
  await runUntil(signal, stack, console.error);
  // To signal the node itself, whose pid we have written, is as good a way to stop as to signal us.
  if (stack.nodeEndedWell()) process.exitCode = 0;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Expected a number from 0 to 65535.');
  return port;
}
