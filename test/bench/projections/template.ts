import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '#embedded';
import type { RecordedEvent } from '#kernel';
import { tellHalfAYear } from '../../../apps/cli/demo/tell.js';
import { readEvents } from './place.js';
import type { Site } from './site.js';

const SEED = 1;
/** Half of the demo's leads are enough to copy from. */
const SCALE = 0.5;

/** The events of the demo, played through the command door of the built server. */
export async function playDemo(site: Site): Promise<readonly RecordedEvent[]> {
  const place = await site.serve('template');
  const port = await freePort(0);
  const server = spawn(process.execPath, ['dist/apps/server/main.js'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      ...{ EVENTSTORE_URL: place.eventStoreUrl, DATABASE_URL: place.keysUrl, MASTER_KEY: place.masterKey },
      ...{ ROLES: 'api', PORT: String(port) },
    },
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    while (!(await fetch(`${url}/health`).catch(() => undefined))?.ok) {
      if (server.exitCode !== null) throw new Error('The server does not start: is it built?');
      await setTimeout(50);
    }
    await tellHalfAYear(url, SEED, SCALE);
  } finally {
    server.kill();
    if (server.exitCode === null) await once(server, 'exit');
  }
  return readEvents(place);
}
