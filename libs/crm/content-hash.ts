import { createHash } from 'node:crypto';

/**
 * SHA-256 (hex) of a value's canonical JSON: object keys sorted, absent fields left out.
 * Collision-resistant, because it is evidence of what was approved; anybody can recompute it with `sha256sum`.
 */
export const contentHash = (content: object): string =>
  createHash('sha256').update(canonicalJson(content)).digest('hex');

/** The one JSON text that equal contents share. */
export const canonicalJson = (content: unknown): string => JSON.stringify(content, sortKeys);

const sortKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
