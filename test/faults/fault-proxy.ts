import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Frames } from './frames.js';

type Mode = 'pass' | 'hang' | 'hold answers' | 'lose answer' | 'refuse';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly frames: Frames;
  readonly heldRequests: Buffer[];
  readonly heldAnswers: Buffer[];
  isDead: boolean;
}

/** Stands between a client and an event store, and does to their connections what networks and machines do. */
export class FaultProxy {
  readonly #links = new Set<Link>();
  #mode: Mode = 'pass';
  #delay = 0;
  /** How many connections have come so far. */
  connections = 0;

  /** How many of them are open. */
  get open(): number {
    return this.#links.size;
  }

  private constructor(
    private readonly listener: Server,
    private readonly target: URL,
    readonly port: number,
  ) {}

  /** A proxy in front of the event store at an `esdb://` address. */
  static async before(connectionString: string): Promise<FaultProxy> {
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const proxy = new FaultProxy(listener, new URL(connectionString.replace(/^[^:]+/, 'http')), port);
    listener.on('connection', (client) => proxy.#accept(client));
    return proxy;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** All is well again; what was held back flows. */
  pass(): void {
    this.#mode = 'pass';
    this.#delay = 0;
    for (const { client, server, heldRequests, heldAnswers } of this.#links) {
      for (const bytes of heldRequests.splice(0)) server.write(bytes);
      for (const bytes of heldAnswers.splice(0)) client.write(bytes);
    }
  }

  /** Connections stay open and new ones are taken, but nothing comes through. */
  hang(): void {
    this.#mode = 'hang';
  }

  /** The present connections bring nothing any more, and say nothing of it; new ones are well. */
  deafen(): void {
    for (const link of this.#links) link.isDead = true;
  }

  /** Requests get through, answers wait for `pass`: late replies. */
  holdAnswers(): void {
    this.#mode = 'hold answers';
  }

  /** Requests get through; the connection of the next answer dies before it. Then all is well. */
  loseNextAnswer(): void {
    this.#mode = 'lose answer';
  }

  /** Every answer comes this much later. */
  slow(milliseconds: number): void {
    this.#delay = milliseconds;
  }

  /** Connections break, now. */
  drop(): void {
    for (const link of this.#links) this.#cut(link);
  }

  /** Connections break and new ones are refused until `pass`. */
  refuse(): void {
    this.#mode = 'refuse';
    this.drop();
  }

  /** The server's side of the present connections says that it is done, and says no more. */
  halfClose(): void {
    for (const { client } of this.#links) client.end();
  }

  async close(): Promise<void> {
    this.drop();
    this.listener.close();
    await once(this.listener, 'close');
  }

  #accept(client: Socket): void {
    this.connections++;
    client.on('error', () => undefined);
    if (this.#mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const server = connect(Number(this.target.port), this.target.hostname);
    const link: Link = { client, server, frames: new Frames(), heldRequests: [], heldAnswers: [], isDead: false };
    this.#links.add(link);
    client.setNoDelay(true).on('data', (bytes: Buffer) => this.#request(link, bytes));
    server.setNoDelay(true).on('data', (bytes: Buffer) => this.#answer(link, bytes));
    server.on('error', () => undefined);
    client.on('close', () => this.#cut(link));
    server.on('close', () => this.#cut(link));
  }

  #request({ server, heldRequests, isDead }: Link, bytes: Buffer): void {
    if (isDead) return;
    if (this.#mode === 'hang') heldRequests.push(bytes);
    else server.write(bytes);
  }

  #answer(link: Link, chunk: Buffer): void {
    if (link.isDead) return;
    for (const { bytes, isData } of link.frames.take(chunk)) {
      if (this.#mode === 'lose answer' && isData) {
        this.#mode = 'pass';
        this.#cut(link);
        return;
      }
      if (this.#mode === 'hang' || this.#mode === 'hold answers') link.heldAnswers.push(bytes);
      else if (this.#delay > 0) setTimeout(() => link.client.writable && link.client.write(bytes), this.#delay);
      else if (link.client.writable) link.client.write(bytes);
    }
  }

  #cut(link: Link): void {
    this.#links.delete(link);
    // Node cannot reset a socket while it is being shut down: it would never be closed, and the process never end.
    if (link.client.writableEnded) link.client.destroy();
    else link.client.resetAndDestroy();
    link.server.destroy();
  }
}
