import { isObject } from '../json.js';
import { inConnectionString, type Target } from '../target.js';

const GIVEN_ID = '00000000-0000-4000-';
const POSITION_FIELDS = new Set(['commit', 'prepare', 'commitPosition', 'metastreamRevision']);
const LARGEST_POSITION = 2n ** 63n - 1n;
const A_DAY = 24 * 3_600_000;

/** What one run puts in place of the names in a case, so that no two runs meet in a stream or an id. */
export class Names {
  private readonly prefix = `q${Math.random().toString(36).slice(2, 8).padEnd(6, '0')}z`;
  private readonly idHead = `${Math.floor(0x10000000 + Math.random() * 0x7fffffff).toString(16)}-0000-4000-`;

  constructor(
    private readonly main: Target,
    private readonly spare: string,
  ) {}

  /** The text of a case as this run says it. */
  localise(text: string): string {
    return text
      .replaceAll('$MAIN?tls=false', inConnectionString(this.main))
      .replaceAll('$MAIN', this.main.address)
      .replaceAll('$SPARE', this.spare)
      .replaceAll('$S', this.prefix)
      .replaceAll(GIVEN_ID, this.idHead);
  }

  /** What this run says as the text of a case. */
  generalise(text: string): string {
    return text
      .replaceAll(this.prefix, '$S')
      .replaceAll(this.idHead, GIVEN_ID)
      .replaceAll(this.main.address, '$MAIN')
      .replaceAll(this.spare, '$SPARE');
  }

  /** An outcome as case files write it, positions as `@@number`. */
  outcome(value: unknown, field = ''): unknown {
    if (typeof value === 'bigint') return outcomeOfNumber(value, field);
    if (typeof value === 'string') return shortened(this.generalise(value), value.length);
    if (value instanceof Date) return Math.abs(Date.now() - value.getTime()) < A_DAY ? '@date' : value.toISOString();
    if (value instanceof Uint8Array) return this.outcomeOfBytes(value);
    if (Array.isArray(value)) return value.map((item) => this.outcome(item, field));
    return isObject(value) ? this.outcomeOfObject(value) : value;
  }

  private outcomeOfObject(value: Readonly<Record<string, unknown>>): unknown {
    const { commit, prepare, ...rest } = value;
    const isPosition = typeof commit === 'bigint' && commit === prepare && Object.keys(rest).length === 0;
    if (isPosition) return this.outcome(commit, 'commit');
    const entries = Object.entries(value).filter(([, item]) => item !== undefined && typeof item !== 'function');
    return Object.fromEntries(entries.map(([key, item]) => [this.generalise(key), this.outcome(item, key)]));
  }

  private outcomeOfBytes(value: Uint8Array): unknown {
    if (value.length > 200)
      return { $bytes: [value[0], value.length], uniform: value.every((byte) => byte === value[0]) };
    const text = Buffer.from(value).toString();
    const isText = Buffer.from(text).equals(value) && /^[\x20-\uffff]*$/.test(text);
    return isText ? { $utf8: this.generalise(text) } : { $base64: Buffer.from(value).toString('base64') };
  }
}

const outcomeOfNumber = (value: bigint, field: string): string =>
  POSITION_FIELDS.has(field) && value > 0n && value <= LARGEST_POSITION ? `@@${value}` : `${value}n`;

const shortened = (text: string, length: number): unknown =>
  text.length > 400 ? { $long: `${text.slice(0, 12)}…`, length } : text;
