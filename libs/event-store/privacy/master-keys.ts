import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { KeyDamaged, MasterKeyMissing } from '../failures.js';

const IV = 12;
const TAG = 16;

/** A subject's key as it lies in the table, and which master key opens it. */
export interface Wrapped {
  readonly masterKey: string;
  readonly bytes: Buffer;
}

/** Wraps the keys of data subjects. A key management service can stand here: it never has to show its key. */
export abstract class MasterKeys {
  /** The name of the master key that wraps now. */
  abstract current(): Promise<string>;

  /** Wraps a key under the current master key, bound to its subject. */
  abstract wrap(key: Buffer, subject: string): Promise<Wrapped>;

  /** Opens a key that this or an earlier master key has wrapped. @throws MasterKeyMissing, KeyDamaged */
  abstract unwrap(wrapped: Wrapped, subject: string): Promise<Buffer>;
}

/** For so long the master keys are not read again while none is missing: a running process may wrap under the old one. */
export const MASTER_KEYS_FRESH_MS = 1_000;

/** Master keys that this process holds: the first wraps, all open. They are read again now and then, so that a rotation reaches a running process. */
export class LocalMasterKeys extends MasterKeys {
  private ring: ReadonlyMap<string, Buffer> = new Map();
  private readAt = -Infinity;

  constructor(private readonly read: () => Promise<readonly Buffer[]>) {
    super();
  }

  /** Keys that never change while the process runs. */
  static holding(...keys: readonly Buffer[]): LocalMasterKeys {
    return new LocalMasterKeys(() => Promise.resolve(keys));
  }

  override async current(): Promise<string> {
    if (performance.now() - this.readAt > MASTER_KEYS_FRESH_MS) await this.load();
    const [first] = this.ring.keys();
    if (first === undefined) throw new Error('there is no master key');
    return first;
  }

  override async wrap(key: Buffer, subject: string): Promise<Wrapped> {
    const masterKey = await this.current();
    const iv = randomBytes(IV);
    const cipher = createCipheriv('aes-256-gcm', await this.named(masterKey, subject), iv).setAAD(Buffer.from(subject));
    const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
    return { masterKey, bytes: Buffer.concat([iv, cipher.getAuthTag(), wrapped]) };
  }

  override async unwrap({ masterKey, bytes }: Wrapped, subject: string): Promise<Buffer> {
    const master = await this.named(masterKey, subject);
    try {
      const decipher = createDecipheriv('aes-256-gcm', master, bytes.subarray(0, IV))
        .setAAD(Buffer.from(subject))
        .setAuthTag(bytes.subarray(IV, IV + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]);
    } catch (cause) {
      throw new KeyDamaged(subject, cause);
    }
  }

  private async named(name: string, subject: string): Promise<Buffer> {
    if (!this.ring.has(name)) await this.load();
    const key = this.ring.get(name);
    if (key === undefined) throw new MasterKeyMissing(name, subject);
    return key;
  }

  private async load(): Promise<void> {
    try {
      this.ring = new Map((await this.read()).map((key) => [nameOf(key), key]));
    } catch (error) {
      // A file that somebody is editing: what was read before still opens what it opened.
      if (this.ring.size === 0) throw error;
    }
    this.readAt = performance.now();
  }
}

/** A name that tells master keys apart and tells nothing of them. */
export const nameOf = (masterKey: Buffer): string =>
  createHmac('sha256', masterKey).update('taizhang master key').digest('hex').slice(0, 16);
