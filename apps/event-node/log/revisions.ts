/** Expected revisions below zero mean what they mean to the server the node stands for. */
export const ANY = -2n;
export const NO_STREAM = -1n;
export const STREAM_EXISTS = -4n;

/** The last revision of a stream without events. */
export const NONE = -1n;

/** The revision of a tombstone, and the `$tb` of a deleted stream. */
export const TOMBSTONE = 2n ** 63n - 1n;
