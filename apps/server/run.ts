import { readConfiguration } from './configuration.js';
import { firstSignal, runUntil } from './lifecycle.js';
import { startServer } from './server.js';

const say = (message: string): void => {
  process.stdout.write(`${message}\n`);
};

/** Runs the server until a signal asks it to stop or something it stands on ends. */
export async function runServer(): Promise<void> {
  const signal = firstSignal();
  const server = await startServer(readConfiguration(process.env), say);
  say(`Taizhang answers on ${server.url}`);
  await runUntil(signal, server, say);
}
