import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A value that only the key of its subject opens. */
export interface Sealed {
  readonly $sealed: string;
  readonly subject: string;
  /** Which fields a sealed record had: they stay, erased, so that what is counted by them does not change. */
  readonly fields?: readonly string[];
}

const IV = 12;
const TAG = 16;

/** Seals a JSON value with AES-256-GCM, bound to the event it stands in. */
export function seal(value: unknown, subject: string, key: Buffer, eventId: string): Sealed {
  const iv = nextIv();
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(eventId));
  // In this mode nothing is left for the end.
  const text = cipher.update(JSON.stringify(value), 'utf8');
  cipher.final();
  const $sealed = Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
  return typeof value === 'object' && value !== null
    ? { $sealed, subject, fields: namesIn(value) }
    : { $sealed, subject };
}

const namesIn = (value: object): readonly string[] =>
  Object.entries(value).flatMap(([name, entry]) => (entry === undefined ? [] : [name]));

/** Opens a sealed value. Throws when the key is not its own or the text was tampered with. */
export function unseal(sealed: Sealed, key: Buffer, eventId: string): unknown {
  const bytes = Buffer.from(sealed.$sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV))
    .setAAD(Buffer.from(eventId))
    .setAuthTag(bytes.subarray(IV, IV + TAG));
  return JSON.parse(decipher.update(bytes.subarray(IV + TAG), undefined, 'utf8') + decipher.final('utf8'));
}

const counter = randomBytes(IV);

/** Counts up from a random beginning in each process: no two seals of one process share it, those of two hardly ever. */
function nextIv(): Buffer {
  for (let at = IV - 1; at >= 0; at--) {
    const digit = ((counter[at] ?? 0) + 1) & 0xff;
    counter[at] = digit;
    if (digit !== 0) break;
  }
  return counter;
}

/** Tells a sealed value from a plain one. */
export const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' && value !== null && '$sealed' in value && 'subject' in value;
