import { SingleBar } from 'cli-progress';

export interface ProgressBar {
  readonly update: (done: number, size: number) => void;
  readonly stop: () => void;
}

/** A progress bar on the terminal; elsewhere a line every few seconds. */
export function progressBar(label: string): ProgressBar {
  const bar = new SingleBar({
    format: `${label} |{bar}| {percentage}% | {value}/{total} rows | {rate} rows/s | ETA {eta_formatted}`,
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 3000,
    hideCursor: true,
    fps: 5,
  });
  const began = performance.now();
  let isStarted = false;
  return {
    update: (done, size) => {
      if (!isStarted) bar.start(size, 0, { rate: 0 });
      isStarted = true;
      bar.update(done, { rate: Math.round((done * 1000) / Math.max(performance.now() - began, 1)) });
    },
    stop: () => {
      if (isStarted) bar.stop();
    },
  };
}
