import { hash } from 'node:crypto';

/** Ids that one part of the filter takes, at 16 bits for each: of ids that were never added, one in 1,500 is taken for one. */
const CAPACITY = 1_024;
const BITS = CAPACITY * 16;
const HASHES = 8;

/** A Bloom filter that grows: "no" is certain, "perhaps" must be looked up. Two bytes for an id. */
export class IdFilter {
  private readonly parts: Uint8Array[] = [];
  private count = 0;

  add(id: string): void {
    if (this.count++ % CAPACITY === 0) this.parts.push(new Uint8Array(BITS / 8));
    const part = this.parts.at(-1);
    if (part) for (const bit of bitsOf(id)) part[bit >> 3] = (part[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  /** False only when this id was never added. */
  mayHold(id: string): boolean {
    if (this.parts.length === 0) return false;
    const bits = bitsOf(id);
    return this.parts.some((part) => bits.every((bit) => ((part[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0));
  }
}

/** Two hashes make all the others (Kirsch and Mitzenmacher). */
function bitsOf(id: string): readonly number[] {
  const digest = Buffer.from(hash('sha1', id, 'hex'), 'hex');
  const [first, step] = [digest.readUInt32LE(0), digest.readUInt32LE(4) | 1];
  return Array.from({ length: HASHES }, (_, index) => ((first + index * step) >>> 0) % BITS);
}
