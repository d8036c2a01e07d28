import { createHash } from 'node:crypto';

/** A statement under a name of its own, so that a connection parses it once. */
export interface Prepared {
  readonly name: string;
  readonly text: string;
}

export const prepared = (text: string): Prepared => ({ name: createHash('sha1').update(text).digest('hex'), text });
