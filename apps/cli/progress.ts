import { SingleBar } from 'cli-progress';

export interface ProgressBar {
  readonly update: (done: number, size: number) => void;
  readonly stop: () => void;
}

const LINE_EVERY_MS = 3000;
/** The rate is that of the last seconds: groups of rows differ much in what they cost. */
const WINDOW_MS = 10_000;

/** A progress bar on the terminal; elsewhere a line every few seconds. */
export function progressBar(label: string, unit = 'rows'): ProgressBar {
  const bar = new SingleBar({
    format: `${label} |{bar}| {percentage}% | {value}/{total} ${unit} | {rate} ${unit}/s | ETA {time}`,
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    hideCursor: true,
    fps: 5,
    gracefulExit: false,
  });
  const rateAt = recentRate();
  let isStarted = false;
  return {
    update: (done, size) => {
      const rate = rateAt(performance.now(), done);
      const told = { rate: Math.round(rate), time: rate > 0 ? clock((size - done) / rate) : '-' };
      if (!isStarted) bar.start(size, done, told);
      isStarted = true;
      bar.setTotal(size);
      bar.update(done, told);
    },
    stop: () => {
      if (isStarted) bar.stop();
    },
  };
}

function recentRate(): (now: number, done: number) => number {
  const samples = [{ at: performance.now(), done: 0 }];
  return (now, done) => {
    const [oldest = { at: now, done }, next = oldest] = samples;
    if (now - (samples.at(-1)?.at ?? 0) > WINDOW_MS / 10) samples.push({ at: now, done });
    if (now - next.at > WINDOW_MS) samples.shift();
    return ((done - oldest.done) * 1000) / Math.max(now - oldest.at, 1);
  };
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
