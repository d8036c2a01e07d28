import { createServer } from 'node:net';

/** A port of this host that is free now; `wanted` when that one is. */
export async function freePort(wanted = 0, host = '127.0.0.1'): Promise<number> {
  return (await tryPort(wanted, host)) ?? (await tryPort(0, host)) ?? 0;
}

const FIRST_LASTING = 20_000;
const LASTING = 12_000;

/**
 * A free port for what is stopped and started again. It lies below those that outgoing connections are given, so that
 * nothing takes it in between.
 */
export const lastingPort = (): Promise<number> => freePort(FIRST_LASTING + Math.floor(Math.random() * LASTING));

/** Listens for a moment: the port it got, undefined when the wanted one is busy. */
function tryPort(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve(undefined);
    });
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === 'object' ? address?.port : undefined);
      });
    });
  });
}
