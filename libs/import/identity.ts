import { LRUCache } from 'lru-cache';
import { parse, v5 } from 'uuid';

/** Root of the ids of everything imported. It never changes: other ids would import everything anew. */
const IMPORTS = 'b7a5f6f0-0c3a-5d0e-9a52-7f1f1a3e6c11';

/** The external key of a record: the values of its key columns. */
export type Key = readonly string[];

/** The values of one group's keys as texts, no two of which are alike. */
export const keyText = (key: Key): string => (key.length === 1 && key[0] !== undefined ? key[0] : JSON.stringify(key));

/** Ids that follow from the source and the external key alone: never from a file, a row number or a time (XI1). */
export class Identity {
  private readonly namespace: Uint8Array;
  /** The same things are named again and again: employees by all their rows, a row's own id by all its commands. */
  private readonly aggregates = new LRUCache<string, string>({ max: 10_000 });

  constructor(source: string) {
    this.namespace = parse(v5(source, IMPORTS));
  }

  /** The id of the thing that a key names. */
  aggregate(entity: string, key: Key): string {
    const name = JSON.stringify([entity, key]);
    let id = this.aggregates.get(name);
    if (id === undefined) this.aggregates.set(name, (id = this.id(name)));
    return id;
  }

  /** The id of one of a record's commands. */
  command(entity: string, key: Key, step: string): string {
    return this.id(JSON.stringify([entity, key, step]));
  }

  /** Bytes in, since the library is slow to make them from text. */
  private id(name: string): string {
    return v5(Buffer.from(name), this.namespace);
  }
}
