import { CannotStart } from '#embedded';

/** Later signals change nothing: the stop is under way, in order, and bounded in time. */
export function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        resolve(name);
      });
    }
  });
}

/** Waits until a signal asks to stop or something it stands on ends, then stops in order. */
export async function runUntil(
  signal: Promise<string>,
  running: { readonly lost: Promise<string>; stop(): Promise<void> },
  say: (message: string) => void,
): Promise<void> {
  const lost = running.lost.then((reason) => {
    process.exitCode = 1;
    return reason;
  });
  say(`Stopping: ${await Promise.race([signal, lost])}`);
  await running.stop();
  say('Stopped.');
}

/** Runs a program to its end. An expected failure is one clear message, anything else keeps its stack. */
export async function exitAfter(program: () => Promise<void>): Promise<never> {
  // The reader of our output may leave first (a closed terminal, `| head`), and that must not cut a stop short.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    await program();
  } catch (error) {
    const text = error instanceof CannotStart ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text ?? ''}\n`);
    process.exitCode = 1;
  }
  return process.exit();
}
