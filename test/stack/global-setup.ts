import { createServer, type IncomingMessage, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type * as Embedded from '#embedded';

// Jest compiles this one file by itself, and Node resolves what it imports: `#embedded` is the built one.

declare global {
  var sharedStack: { close(): Promise<void> } | undefined;
}

/** Jest calls this before all tests; nothing starts until a test asks. */
export default async function setUp(): Promise<void> {
  const embedded = await import('#embedded').catch(() => {
    throw new Error('The tests use the built programs: run `npm run build` first.');
  });
  await embedded.removeLeftovers('taizhang-test');
  const stack = new SharedStack(embedded);
  globalThis.sharedStack = stack;
  process.env['TAIZHANG_TEST_STACK'] = await stack.open();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      void stack.close().finally(() => process.exit(code));
    });
  }
}

/** With this seed set, the node that the tests share is killed and started again all the time: `npm run chaos`. */
const CHAOS = process.env['TAIZHANG_CHAOS_SEED'];
const BETWEEN_KILLS_MS = [2_000, 6_000] as const;

/** One stack for all test files, owned by the process that runs jest; each part starts when a test first asks for it. */
class SharedStack {
  private readonly folder: string;
  private postgres: Promise<Embedded.RunningPostgres> | undefined;
  private eventNode: Promise<Embedded.RunningEventNode> | undefined;
  private databases = 0;
  private readonly closing = new AbortController();
  private chaos: Promise<void> = Promise.resolve();

  private readonly door: Server = createServer((request, response) => {
    // A connection kept for the next test file may be closed in the very moment in which that asks.
    response.setHeader('connection', 'close');
    this.answer(request).then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });

  constructor(private readonly embedded: typeof Embedded) {
    this.folder = embedded.temporaryFolder('taizhang-test');
  }

  /** The address where test files ask. */
  open(): Promise<string> {
    return new Promise((resolve) => {
      this.door.listen(0, '127.0.0.1', () => {
        const address = this.door.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`);
      });
    });
  }

  /** Stops what was started and leaves nothing behind. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.chaos;
    this.door.close();
    this.door.closeAllConnections();
    await this.eventNode?.then((node) => node.stop()).catch(() => undefined);
    await this.postgres?.then((postgres) => postgres.stop()).catch(() => undefined);
    await this.embedded.removeEmbeddedStack(this.folder);
  }

  private async answer({ method, url = '/' }: IncomingMessage): Promise<string> {
    const [, what, name = ''] = url.split('/');
    const postgres = await (this.postgres ??= this.embedded.startPostgres({ folder: join(this.folder, 'postgres') }));
    if (what === 'event-store') return (await (this.eventNode ??= this.startNode(postgres))).connectionString;
    if (method === 'DELETE') {
      await postgres.dropDatabase(name);
      return '';
    }
    const database = `test_${++this.databases}`;
    await postgres.createDatabase(database);
    return postgres.url(database);
  }

  private async startNode(postgres: Embedded.RunningPostgres): Promise<Embedded.RunningEventNode> {
    await postgres.createDatabase('event_log');
    const options = {
      databaseUrl: postgres.url('event_log'),
      logFile: join(this.folder, 'event-node.log'),
      ...(CHAOS !== undefined && { port: await this.embedded.lastingPort() }),
    };
    const node = await this.embedded.startEventNode(options);
    if (CHAOS !== undefined) this.chaos = this.killAgainAndAgain(node, options, Number(CHAOS));
    return node;
  }

  /**
   * Kills the node every few seconds and starts it again where it was, until the stack closes. Where that takes long it
   * also stays longer: it is there for more of the time than it is away, on any machine.
   */
  private async killAgainAndAgain(
    first: Embedded.RunningEventNode,
    options: Embedded.EventNodeOptions,
    seed: number,
  ): Promise<void> {
    const chance = xoroshiro128plus(seed);
    let node = first;
    let kills = 0;
    let awayFor = 0;
    while (await this.staysOpenFor(uniformInt(chance, ...BETWEEN_KILLS_MS) + awayFor)) {
      const killedAt = performance.now();
      await node.kill();
      await node.lost;
      node = await this.embedded.startEventNode(options);
      this.eventNode = Promise.resolve(node);
      awayFor = performance.now() - killedAt;
      kills++;
    }
    process.stderr.write(`The event node was killed ${kills} times.\n`);
  }

  private staysOpenFor(milliseconds: number): Promise<boolean> {
    const { signal } = this.closing;
    return setTimeout(milliseconds, true, { signal }).catch(() => false);
  }
}
