import { isObject, list, mapObject, number, object, text } from '../json.js';
import type { Symbols } from '../symbols.js';

/** Ids of single events, bulk events and batch requests: `$e1`, `$b1`, `$c1`. */
const ID_HEADS = { e: '$I-0000-4000-8000-', b: '$I-2222-4000-8000-', c: '33333333-0000-4000-8000-' } as const;

/** What a run puts in place of the names in a case. The prefix has one length always: names take part in record sizes. */
export class WireNames {
  private readonly prefix = `w${Math.random().toString(36).slice(2).padEnd(7, '0').slice(0, 7)}`;
  private readonly ids = `e${Math.floor(Math.random() * 0xfffffff)
    .toString(16)
    .padStart(7, '0')}`;

  /** The text of a case as this run says it. */
  localise(value: string): string {
    return value
      .replace(
        /\$([ebc])(\d+)(?!\w)/g,
        (_, kind: 'e' | 'b' | 'c', digits: string) => ID_HEADS[kind] + digits.padStart(12, '0'),
      )
      .replaceAll('$S', () => this.prefix)
      .replaceAll('$I', () => this.ids);
  }

  /** What this run says as the text of a case. */
  generalise(value: string): string {
    const general = value.replaceAll(this.prefix, () => '$S').replaceAll(this.ids, () => '$I');
    return Object.entries(ID_HEADS).reduce((now, [kind, head]) => {
      const pattern = new RegExp(`${head.replaceAll('$', '\\$')}0*(\\d+)(?![0-9a-f])`, 'g');
      return now.replace(pattern, (_, digits: string) => `$${kind}${digits}`);
    }, general);
  }

  /** Everything that came, as the case files write it. */
  outcome(value: unknown): unknown {
    if (typeof value === 'string') return this.generalise(value);
    if (Array.isArray(value)) return value.map((item) => this.outcome(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.generalise(key), this.outcome(item)]));
  }

  /** A request with its symbols replaced by what they stand for. */
  request(value: unknown, symbols: Symbols, key = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => this.request(item, symbols, key));
    if (typeof value === 'string') return this.localise(referenced(value, symbols, key));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [this.localise(name), this.request(item, symbols, name)]),
    );
  }
}

function referenced(value: string, symbols: Symbols, key: string): string {
  const [, symbol, delta = '0'] = /^(@p\d+)([+-]\d+)?$/.exec(value) ?? [];
  if (symbol !== undefined && (key === 'commitPosition' || key === 'preparePosition')) {
    const position = symbols.valueOf(symbol);
    if (position === undefined) throw new Error(`${symbol} has not come up`);
    return String(BigInt(position) + BigInt(delta));
  }
  const [, seconds] = /^@now([+-]\d+)$/.exec(value) ?? [];
  return seconds === undefined ? value : String(Math.floor(Date.now() / 1000) + Number(seconds));
}

const plainMetadata = (isReceived: boolean): unknown => ({
  type: 't',
  ...(isReceived && { created: '@date' }),
  'content-type': 'application/json',
});

/** A message in the short notation of the files, written out. */
export function expand(value: unknown, isReceived: boolean, key = ''): unknown {
  if (typeof value === 'string') return expandText(value, isReceived, key);
  // In a list of messages each text is one; in a list inside a message a text is itself.
  if (Array.isArray(value)) {
    return value.map((item) =>
      key !== '' && typeof item === 'string' ? item : expand(item, isReceived, key === '' ? '' : 'item'),
    );
  }
  return isObject(value) ? mapObject(value, (item, name) => expand(item, isReceived, name)) : value;
}

function expandText(value: string, isReceived: boolean, key: string): unknown {
  switch (key) {
    case 'streamIdentifier':
      return { streamName: value };
    case 'id':
    case 'correlationId':
      return { string: value };
    case 'position':
    case 'checkpoint':
      return { commitPosition: value, preparePosition: value };
    case 'metadata':
      return value === 't' ? plainMetadata(isReceived) : value;
    case '':
      return expandMessage(value);
    default:
      return value;
  }
}

/** `propose $e1`, `event $S-a#0 $e1 @p1`, `bulk $S-a#0 rare $b1 @p1` */
function expandMessage(value: string): unknown {
  const [kind, ...rest] = value.split(/[ #]/);
  if (kind === 'propose')
    return { proposedMessage: { id: { string: rest[0] }, metadata: plainMetadata(false), data: '{}' } };
  const isBulk = kind === 'bulk';
  const [stream, revision, ...tail] = rest;
  const [type, id, position] = isBulk ? tail : [undefined, ...tail];
  const metadata = isBulk
    ? { type, created: '@date', 'content-type': 'application/octet-stream' }
    : plainMetadata(true);
  return {
    event: {
      event: {
        id: { string: id },
        streamIdentifier: { streamName: stream },
        ...(revision !== '0' && { streamRevision: revision }),
        preparePosition: position,
        commitPosition: position,
        metadata,
        data: isBulk ? 'xx' : '{}',
      },
      commitPosition: position,
    },
  };
}

/** The requests of `given: {stream, events, expected}`. */
export function givenRequests(given: unknown): unknown[] {
  const { stream, events, expected } = object(given);
  const expectation = /^\d+$/.test(text(expected)) ? { revision: expected } : { [text(expected)]: {} };
  return [
    { options: { streamIdentifier: { streamName: stream }, ...expectation } },
    ...list(events).map((event) => expand(`propose $e${number(event)}`, false)),
  ];
}
