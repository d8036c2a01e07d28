import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedCase, Step } from '../cases.js';
import { list, number, object, text } from '../json.js';
import { Symbols, type Difference } from '../symbols.js';
import { plainTarget, type Target } from '../target.js';
import { appendInBulk } from './bulk.js';
import { Connection, type Headers, type WireCall } from './connection.js';
import { Exchange } from './exchange.js';
import { httpAnswer } from './http.js';
import { Codec, headerOf } from './messages.js';
import { expand, givenRequests, WireNames } from './notation.js';
import type { ControlledServers } from './servers.js';

const WAIT = 10_000;
const STILL_OPEN = 2000;
const OK = { code: 0, name: 'OK' };
const SERVICE = 'event_store.client.';

/** Plays one case request by request and tells what is otherwise than recorded. */
export async function playWireCase(
  one: RecordedCase,
  main: Target,
  servers: ControlledServers | undefined,
): Promise<Difference[]> {
  const player = new WirePlayer(main, servers);
  try {
    for (const [index, step] of one.steps.entries()) await player.play(step, `step ${index + 1}`);
    player.found.push(...player.symbols.compareOrder(text(one.order).split(' ')));
  } catch (error) {
    player.found.push({ at: 'the case', recorded: 'played', now: String(error) });
  } finally {
    player.close();
    await servers?.removeAll();
  }
  return player.found;
}

class WirePlayer {
  readonly symbols = new Symbols();
  readonly found: Difference[] = [];
  private readonly names = new WireNames();
  private readonly connections = new Map<string, Connection>();
  private readonly exchanges = new Map<string, Exchange>();

  constructor(
    private readonly main: Target,
    private readonly servers: ControlledServers | undefined,
  ) {}

  close(): void {
    for (const { session } of this.connections.values()) session.destroy();
  }

  async play(step: Step, at: string): Promise<void> {
    if (step['sleep'] !== undefined) await sleep(number(step['sleep']));
    else if (step['dropConnection'] === true) this.close();
    else if (step['settings'] !== undefined) await this.checkSettings(step, at);
    else if (step['pings'] !== undefined) await this.ping(step, at);
    else if (step['server'] !== undefined) await this.servers?.act(object(step['server']));
    else if (step['bulk'] !== undefined)
      await appendInBulk(this.connection(step, 'bulk'), this.localised({ ids: '$I', ...object(step['bulk']) }));
    else if (step['http'] !== undefined) {
      const answer = await httpAnswer(this.target(step), this.localised(step['http']));
      this.compare(step['answer'], answer, at);
    } else if (step['call'] !== undefined) await this.exchange(step, at);
    else if (step['given'] !== undefined) {
      await this.call({ ...step, rpc: 'Streams/Append', sends: givenRequests(step['given']) }, at);
    } else if (step['rpc'] !== undefined) await this.call(step, at);
  }

  private async call(step: Step, at: string): Promise<void> {
    const codec = new Codec(fullName(step));
    const call = this.open(step);
    if (step['rawHex'] !== undefined) call.sendRaw(Buffer.from(text(step['rawHex']), 'hex'));
    for (const message of list(step['sends'])) call.send(this.encoded(codec, message));
    call.halfClose();
    const stillOpen = step['stillOpen'] === true;
    const received: unknown[] = [];
    for (;;) {
      const body = await call.next(stillOpen ? STILL_OPEN : WAIT);
      if (body === 'quiet') call.cancel();
      if (body === 'quiet' && !stillOpen) this.found.push({ at, recorded: 'an end', now: 'still open' });
      if (!(body instanceof Buffer)) break;
      received.push(codec.decode(body));
    }
    if (step['unstable'] !== undefined) return;
    this.compare(expand(step['receives'] ?? [], true), received, `${at} receives`);
    if (stillOpen) return;
    this.compare(step['status'] ?? OK, await call.status(WAIT), `${at} status`);
    this.compare(step['trailers'] ?? {}, call.trailers(), `${at} trailers`);
    this.compare(step['initialMetadata'] ?? {}, call.initialMetadata(), `${at} initial metadata`);
  }

  private async exchange(step: Step, at: string): Promise<void> {
    const name = text(step['call']);
    const exchange = this.exchanges.get(name) ?? new Exchange(this.open(step), new Codec(fullName(step)));
    this.exchanges.set(name, exchange);
    for (const item of list(step['exchange'])) {
      const seen = await exchange.play(object(item), (codec, message) => this.encoded(codec, message));
      if (seen) this.compare(seen.recorded, seen.now, `${at} ${name} ${seen.what}`);
    }
  }

  private async checkSettings(step: Step, at: string): Promise<void> {
    const connection = this.connection(step);
    await connection.ping();
    const { customSettings: _, ...settings } = connection.session.remoteSettings;
    this.compare(step['settings'], settings, at);
  }

  private async ping(step: Step, at: string): Promise<void> {
    const connection = this.connection(step);
    let answered = 0;
    for (let count = number(step['pings']); count > 0; count--) {
      await connection.ping().then(
        () => answered++,
        () => undefined,
      );
      await sleep(number(step['every']));
    }
    this.compare(
      { answered: step['answered'], goaway: step['goaway'] ?? null },
      { answered, goaway: connection.goaway },
      at,
    );
  }

  private open(step: Step): WireCall {
    const headers = Object.fromEntries(
      Object.entries(this.localised(step['headers'])).map(([key, value]) => [key, headerOf(value)]),
    );
    const timeout: Headers = step['timeout'] === undefined ? {} : { 'grpc-timeout': text(step['timeout']) };
    const encoding = step['encoding'] === undefined ? undefined : text(step['encoding']);
    return this.connection(step, text(step['conn'])).open(fullName(step), { ...timeout, ...headers }, encoding);
  }

  private connection(step: Step, name = ''): Connection {
    const target = this.target(step);
    const key = `${target.address} ${name}`;
    const known = this.connections.get(key);
    if (known?.isOpen) return known;
    const connection = new Connection(target);
    this.connections.set(key, connection);
    return connection;
  }

  private target(step: Step): Target {
    const address = step['at'] === undefined ? undefined : this.servers?.addressOf(text(step['at']));
    return address === undefined ? this.main : plainTarget(address);
  }

  private encoded(codec: Codec, message: unknown): Buffer {
    return codec.encode(this.names.request(expand(message, false), this.symbols));
  }

  private localised(value: unknown): Readonly<Record<string, unknown>> {
    return object(this.names.request(value, this.symbols));
  }

  private compare(recorded: unknown, now: unknown, at: string): void {
    this.found.push(...this.symbols.compare(recorded, this.names.outcome(now), at));
  }
}

const fullName = (step: Step): string =>
  text(step['rpc']).startsWith('Streams/') ? `${SERVICE}streams.${text(step['rpc'])}` : text(step['rpc']);
