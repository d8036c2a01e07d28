import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { SubjectErased } from '../failures.js';
import { DestructionWatch } from './destruction-watch.js';
import type { MasterKeys } from './master-keys.js';
import { prepareKeyTable } from './key-table.js';
import { type Keys, SubjectKeys } from './subject-keys.js';

const KEY = 32;
/** A key is remembered no longer than this, whatever is heard or not heard of its destruction. */
const LONGEST_MEMORY_MS = 60_000;

/** Subject keys in a Postgres table, each wrapped by the master key; a destroyed one leaves its row without a key. */
export class PostgresSubjectKeys extends SubjectKeys {
  private readonly cache = new LRUCache<string, Buffer>({ max: 50_000, ttl: LONGEST_MEMORY_MS, ttlResolution: 1_000 });
  private readonly onForget: (() => void)[] = [];
  private readonly table: string;
  private readonly channel: string;
  private pending: Map<string, Promise<Buffer>> | undefined;
  /** What was asked for before something was forgotten is not remembered. */
  private generation = 0;
  private watch: DestructionWatch | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
    private readonly masterKeys: MasterKeys,
  ) {
    super();
    this.table = `"${schema}".subject_keys`;
    this.channel = `${schema}_destroyed`;
  }

  /** Makes the table if it is not there yet. */
  async prepare(): Promise<void> {
    await prepareKeyTable(this.pool, this.schema);
  }

  /** Hears from now on, in this process, of every key that any process destroys. */
  async listen(): Promise<void> {
    this.watch ??= new DestructionWatch(this.pool, this.channel, (subjects) => {
      this.forget(subjects);
    });
    await this.watch.start();
  }

  async close(): Promise<void> {
    await this.watch?.close();
  }

  /** Tells whoever remembers what was unsealed that some of it was erased, or may have been. */
  whenForgetting(forget: () => void): void {
    this.onForget.push(forget);
  }

  override ensure(subjects: readonly string[]): Keys | Promise<Keys> {
    const { keys, missing } = this.remembered(subjects);
    if (missing.length === 0) return keys;
    return Promise.all(missing.map(async (subject) => keys.set(subject, await this.made(subject)))).then(() => keys);
  }

  override async find(subjects: readonly string[]): Promise<Keys> {
    const { keys, missing } = this.remembered(subjects);
    if (missing.length > 0) for (const [subject, key] of await this.fetch(missing)) keys.set(subject, key);
    return keys;
  }

  /** The keys that are in memory, to be completed by those that are not. */
  private remembered(subjects: readonly string[]): { readonly keys: Map<string, Buffer>; readonly missing: string[] } {
    const keys = new Map<string, Buffer>();
    const missing: string[] = [];
    for (const subject of subjects) {
      const key = this.cache.get(subject);
      if (key) keys.set(subject, key);
      else missing.push(subject);
    }
    return { keys, missing };
  }

  override async destroy(subjects: readonly string[]): Promise<void> {
    await this.pool.query(
      `with destroyed as (
         insert into ${this.table} as known (subject, destroyed_at) select subject, now() from unnest($1::text[]) as subject order by subject
         on conflict (subject) do update
         set wrapped = null, master_key = null, destroyed_at = coalesce(known.destroyed_at, now())
         returning subject
       ) select pg_notify($2, subject) from destroyed`,
      [subjects, this.channel],
    );
    this.forget(subjects);
  }

  /** Forgets keys, and has everybody forget what they opened. */
  forget(subjects: readonly string[] | 'all'): void {
    if (subjects === 'all') this.cache.clear();
    this.forgetKeys(subjects === 'all' ? [] : subjects);
    for (const forget of this.onForget) forget();
  }

  override forgetKeys(subjects: readonly string[]): void {
    this.generation++;
    for (const subject of subjects) this.cache.delete(subject);
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

  private flushed: Promise<Keys> = Promise.resolve(new Map());

  private async insert(subjects: readonly string[]): Promise<Keys> {
    const wrapped = await Promise.all(subjects.map((subject) => this.masterKeys.wrap(randomBytes(KEY), subject)));
    await this.pool.query(
      `insert into ${this.table} (subject, wrapped, master_key)
       select * from unnest($1::text[], $2::bytea[], $3::text[]) on conflict do nothing`,
      [subjects, wrapped.map(({ bytes }) => bytes), wrapped.map(({ masterKey }) => masterKey)],
    );
    return this.fetch(subjects);
  }

  private async fetch(subjects: readonly string[]): Promise<Keys> {
    const { generation } = this;
    const { rows } = await this.pool.query<{ subject: string; bytes: Buffer; masterKey: string }>(
      `select subject, wrapped as bytes, master_key as "masterKey" from ${this.table}
       where subject = any($1) and wrapped is not null`,
      [subjects],
    );
    const keys = new Map(
      await Promise.all(
        rows.map(async ({ subject, ...wrapped }): Promise<[string, Buffer]> => [
          subject,
          await this.masterKeys.unwrap(wrapped, subject),
        ]),
      ),
    );
    if (generation === this.generation) for (const [subject, key] of keys) this.cache.set(subject, key);
    return keys;
  }
}

function keyIn(keys: Keys, subject: string): Buffer {
  const key = keys.get(subject);
  if (key === undefined) throw new SubjectErased(subject);
  return key;
}
