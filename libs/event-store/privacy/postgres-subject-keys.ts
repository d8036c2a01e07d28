import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { SubjectErased } from '../failures.js';
import { SubjectKeys } from './subject-keys.js';

const KEY = 32;
const IV = 12;
const TAG = 16;

/** Subject keys in a Postgres table, each wrapped by the master key; a destroyed one leaves its row without a key. */
export class PostgresSubjectKeys extends SubjectKeys {
  private readonly cache = new LRUCache<string, Buffer>({ max: 50_000 });
  private pending: Map<string, Promise<Buffer>> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
    private readonly masterKey: Buffer,
  ) {
    super();
  }

  /** Makes the table if it is not there yet. */
  async prepare(): Promise<void> {
    await this.pool.query(`create schema if not exists "${this.schema}"`);
    await this.pool.query(`create table if not exists ${this.table} (
      subject text primary key,
      wrapped bytea,
      created_at timestamptz not null default now(),
      destroyed_at timestamptz
    )`);
  }

  override async ensure(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    return new Map(
      await Promise.all(
        subjects.map(async (subject): Promise<[string, Buffer]> => [
          subject,
          this.cache.get(subject) ?? (await this.made(subject)),
        ]),
      ),
    );
  }

  override async find(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const found = new Map<string, Buffer>();
    const missing: string[] = [];
    for (const subject of subjects) {
      const key = this.cache.get(subject);
      if (key) found.set(subject, key);
      else missing.push(subject);
    }
    if (missing.length > 0) for (const [subject, key] of await this.fetch(missing)) found.set(subject, key);
    return found;
  }

  /** A key of the system itself, for fingerprints; it is about nobody and is never destroyed. */
  async own(purpose: string): Promise<Buffer> {
    const subject = `system:${purpose}`;
    return keyIn(await this.ensure([subject]), subject);
  }

  /** Subjects that ask at the same moment share one statement. */
  private made(subject: string): Promise<Buffer> {
    if (this.pending === undefined) {
      const batch = (this.pending = new Map<string, Promise<Buffer>>());
      this.flushed = new Promise((resolve) => setImmediate(resolve)).then(() => {
        this.pending = undefined;
        return this.insert([...batch.keys()]);
      });
    }
    const flushed = this.flushed;
    const waiting = this.pending.get(subject) ?? flushed.then((keys) => keyIn(keys, subject));
    this.pending.set(subject, waiting);
    return waiting;
  }

  private flushed: Promise<ReadonlyMap<string, Buffer>> = Promise.resolve(new Map());

  private async insert(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    await this.pool.query(
      `insert into ${this.table} (subject, wrapped) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing`,
      [subjects, subjects.map((subject) => this.wrap(randomBytes(KEY), subject))],
    );
    return this.fetch(subjects);
  }

  private async fetch(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const { rows } = await this.pool.query<{ subject: string; wrapped: Buffer }>(
      `select subject, wrapped from ${this.table} where subject = any($1) and wrapped is not null`,
      [subjects],
    );
    const keys = new Map(rows.map(({ subject, wrapped }) => [subject, this.unwrap(wrapped, subject)]));
    for (const [subject, key] of keys) this.cache.set(subject, key);
    return keys;
  }

  private get table(): string {
    return `"${this.schema}".subject_keys`;
  }

  private wrap(key: Buffer, subject: string): Buffer {
    const iv = randomBytes(IV);
    const cipher = createCipheriv('aes-256-gcm', this.masterKey, iv).setAAD(Buffer.from(subject));
    const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), wrapped]);
  }

  private unwrap(bytes: Buffer, subject: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.masterKey, bytes.subarray(0, IV))
      .setAAD(Buffer.from(subject))
      .setAuthTag(bytes.subarray(IV, IV + TAG));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]);
    } catch (cause) {
      throw new Error(`the master key does not open the key of ${subject}: was MASTER_KEY changed?`, { cause });
    }
  }
}

function keyIn(keys: ReadonlyMap<string, Buffer>, subject: string): Buffer {
  const key = keys.get(subject);
  if (key === undefined) throw new SubjectErased(subject);
  return key;
}
