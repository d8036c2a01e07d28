import { isObject, number, object, text } from '../json.js';
import type { WireCall } from './connection.js';
import type { Codec } from './messages.js';
import { expand } from './notation.js';

const WAIT = 10_000;

type Encode = (codec: Codec, message: unknown) => Buffer;

/** What one item of an exchange was recorded to bring, and what it brings now. */
interface Seen {
  readonly what: string;
  readonly recorded: unknown;
  readonly now: unknown;
}

/** A call that stays open while other things happen. */
export class Exchange {
  constructor(
    private readonly call: WireCall,
    private readonly codec: Codec,
  ) {}

  async play(item: Readonly<Record<string, unknown>>, encode: Encode): Promise<Seen | undefined> {
    if (item['send'] !== undefined) this.send(item, encode);
    else if (item['halfClose'] === true) this.call.halfClose();
    else if (item['cancel'] === true) this.call.cancel();
    else if (item['pause'] === true) this.call.pause();
    else if (item['resume'] === true) this.call.resume();
    else if (item['receive'] !== undefined) return this.receive(item);
    else if (item['quiet'] !== undefined || item['nothing'] === true) return this.silence(number(item['quiet'], 1000));
    else if (item['drain'] !== undefined) return this.drain(item);
    else if (item['end'] !== undefined) return this.end(object(item['end']));
    return undefined;
  }

  private send({ send, sendsRepeated }: Readonly<Record<string, unknown>>, encode: Encode): void {
    const pattern = JSON.stringify(send);
    for (let count = 1; count <= number(sendsRepeated, 1); count++) {
      const message: unknown = JSON.parse(sendsRepeated === undefined ? pattern : numbered(pattern, count));
      this.call.send(encode(this.codec, message));
    }
  }

  private async receive({ receive }: Readonly<Record<string, unknown>>): Promise<Seen> {
    const body = await this.call.next(WAIT);
    return { what: 'receives', recorded: expand(receive, true), now: await this.shown(body) };
  }

  private async silence(milliseconds: number): Promise<Seen> {
    const body = await this.call.next(milliseconds);
    return { what: 'is quiet', recorded: 'quiet', now: await this.shown(body) };
  }

  private async end({ status, trailers }: Readonly<Record<string, unknown>>): Promise<Seen> {
    const now = { status: await this.call.status(WAIT), trailers: this.call.trailers() };
    return { what: 'ends', recorded: { status: status ?? { code: 0, name: 'OK' }, trailers: trailers ?? {} }, now };
  }

  private async shown(body: Buffer | 'ended' | 'quiet'): Promise<unknown> {
    if (body instanceof Buffer) return this.codec.decode(body);
    return body === 'ended' ? { ended: await this.call.status(0) } : body;
  }

  /** Takes messages until the call ends or falls silent, and keeps the counts and the shape. */
  private async drain({ drain, saw }: Readonly<Record<string, unknown>>): Promise<Seen> {
    const kinds: Record<string, number> = {};
    const revisions: bigint[] = [];
    for (;;) {
      const body = await this.call.next(number(object(drain)['quiet'], 2000));
      if (!(body instanceof Buffer)) {
        const now = { kinds, gaps: gapsIn(revisions), until: body === 'quiet' ? 'quiet' : 'end', ...endsOf(revisions) };
        return { what: 'drains', recorded: saw, now };
      }
      const message = object(this.codec.decode(body));
      const [kind = 'empty'] = Object.keys(message);
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      const event = object(message['event'])['event'];
      if (isObject(event)) revisions.push(BigInt(text(event['streamRevision'], '0')));
    }
  }
}

const numbered = (pattern: string, count: number): string =>
  pattern.replaceAll('$c1', `$c${count}`).replaceAll('$e1', `$e${count}`);

const gapsIn = (revisions: readonly bigint[]): number =>
  revisions.filter((revision, index) => index > 0 && revision !== (revisions[index - 1] ?? 0n) + 1n).length;

const endsOf = (revisions: readonly bigint[]): object =>
  revisions.length === 0 ? {} : { first: String(revisions[0]), last: String(revisions.at(-1)) };
