import { systemAlarm } from '#policies';
import { measureLag, type Checkpoint, type Lag } from '#read-store';
import type { ReadSide } from './read-side.js';

const LONGEST_COUNT_MS = 5_000;

/** How far these are behind the log, now. */
export const lagsOf = ({ events }: ReadSide, checkpoints: readonly Checkpoint[]): Promise<readonly Lag[]> =>
  measureLag({
    checkpoints,
    log: events,
    now: systemAlarm.now(),
    signal: AbortSignal.timeout(LONGEST_COUNT_MS),
  });
