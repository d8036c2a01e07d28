import { hash } from 'node:crypto';
import type { Row } from './row.js';

/** Which records a run has met or will meet, so that a reference to nothing is found. */
export class KnownRecords {
  private readonly announced = new Keys();
  private readonly met = new Keys();

  /** The record will come: rows before it may refer to it. */
  announce(entity: string, key: string): void {
    this.announced.add(entity, key);
  }

  meet(entity: string, key: string): void {
    this.met.add(entity, key);
  }

  /** The record was rejected: who refers to it refers to nothing. */
  forget(entity: string, key: string): void {
    this.announced.delete(entity, key);
    this.met.delete(entity, key);
  }

  hasMet(entity: string, key: string): boolean {
    return this.met.has(entity, key);
  }

  knows(entity: string, key: string): boolean {
    return this.met.has(entity, key) || this.announced.has(entity, key);
  }
}

class Keys {
  private readonly byEntity = new Map<string, Set<string>>();

  add(entity: string, key: string): void {
    let keys = this.byEntity.get(entity);
    if (keys === undefined) this.byEntity.set(entity, (keys = new Set()));
    keys.add(key);
  }

  delete(entity: string, key: string): void {
    this.byEntity.get(entity)?.delete(key);
  }

  has(entity: string, key: string): boolean {
    return this.byEntity.get(entity)?.has(key) ?? false;
  }
}

/** The first row of each key in a file; rows are compared by what the mapping reads of them. */
export class FirstRows {
  private readonly rows = new Map<string, { readonly line: number; readonly content: string }>();

  /** Takes note of a row; answers the earlier one with its key, if there is one. */
  note(key: string, { cells }: Row, line: number): { readonly line: number; readonly isAlike: boolean } | undefined {
    const content = hash('sha1', JSON.stringify(cells), 'base64');
    const first = this.rows.get(key);
    if (first) return { line: first.line, isAlike: first.content === content };
    this.rows.set(key, { line, content });
    return undefined;
  }
}
