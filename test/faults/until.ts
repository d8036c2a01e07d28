import { setTimeout } from 'node:timers/promises';

/** A busy machine may take many times as long as an idle one. Nobody waits this long for what comes. */
const PATIENCE_MS = 120_000;

/** Waits for something to become true, or for a value. What never does is an error that says so. */
export async function until<T>(
  what: string,
  condition: () => T | false | undefined | Promise<T | false | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${patienceMs} ms for ${what}`);
    await setTimeout(5);
  }
}

/** Waits for work that may never end. That it has not is an error that says so. */
export async function within<T>(what: string, work: Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(patienceMs, undefined, { signal: over.signal }).then(() => {
    throw new Error(`waited ${patienceMs} ms for ${what}`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}
