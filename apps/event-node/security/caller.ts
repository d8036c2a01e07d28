import { createHash, timingSafeEqual } from 'node:crypto';
import type { User } from './security.js';

/** Who calls: the user of the node (on a node without users everybody is), nobody in particular, or somebody it does not know. */
export type Caller = 'user' | 'anonymous' | 'stranger';

/** Tells callers by their `authorization` header. */
export function callers(user: User | undefined): (authorization: string | undefined) => Caller {
  if (!user) return () => 'user';
  const expected = digest(`${user.name}:${user.password}`);
  return (authorization) => {
    if (authorization === undefined) return 'anonymous';
    const [, encoded] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
    if (encoded === undefined) return 'stranger';
    const isKnown = timingSafeEqual(digest(Buffer.from(encoded, 'base64').toString()), expected);
    return isKnown ? 'user' : 'stranger';
  };
}

/** Of one length, as a comparison that takes one time needs it. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
