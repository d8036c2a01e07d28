import { CannotStart } from '#embedded';
import { readConfiguration } from './configuration.js';
import { startServer } from './server.js';

const say = (message: string): void => {
  process.stdout.write(`${message}\n`);
};

/** Runs the server until a signal asks it to stop or something it stands on ends. */
export async function runServer(): Promise<void> {
  const signal = firstSignal();
  const server = await startServer(readConfiguration(process.env), say);
  say(`Taizhang answers on ${server.url}`);
  const lost = server.lost.then((reason) => {
    process.exitCode = 1;
    return reason;
  });
  say(`Stopping: ${await Promise.race([signal, lost])}`);
  await server.stop();
  say('Stopped.');
}

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

/** Runs a program to its end. An expected failure is one clear message, anything else keeps its stack. */
export async function exitAfter(program: () => Promise<void>): Promise<never> {
  try {
    await program();
  } catch (error) {
    const text = error instanceof CannotStart ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text ?? ''}\n`);
    process.exitCode = 1;
  }
  return process.exit();
}
