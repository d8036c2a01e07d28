/** Readers of figures older than this should know, and so should who waits for what a policy does. */
export const LONGEST_LAG_SECONDS = 30;
