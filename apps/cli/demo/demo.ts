import { access, constants, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import color from 'picocolors';
import { CannotStart, removeEmbeddedStack } from '#embedded';
import { CannotImport } from '#import';
import { readConfiguration } from '../../server/configuration.js';
import { firstSignal, runUntil } from '../../server/lifecycle.js';
import { ReadModels } from '../../server/read-side.module.js';
import { startServer, type RunningServer } from '../../server/server.js';
import { mappingOf } from '../import/shipped-mappings.js';
import { loadFolder } from './load.js';
import { showFigures } from './show.js';
import { tellHalfAYear } from './tell.js';

export interface DemoFlags {
  readonly exit?: boolean;
  readonly scale: number;
  readonly seed: number;
  readonly json?: string;
  readonly data?: string;
}

/** How long the read models may take to see the last of what was played. */
const CATCH_UP_MS = 120_000;

/** Boots everything on a fresh folder, fills it, prints what the read models say of it, and stays up unless told to exit. */
export async function runDemo(flags: DemoFlags): Promise<void> {
  await demandPlaces(flags);
  const signal = firstSignal();
  const folder = await mkdtemp(join(tmpdir(), 'taizhang-demo-'));
  try {
    console.log(`Starting Postgres, the event node and the server in ${folder}`);
    const port = process.env['PORT'] === undefined ? {} : { PORT: process.env['PORT'] };
    const server = await startServer(readConfiguration({ DATA_FOLDER: folder, ...port }), console.log);
    try {
      await fillAndShow(server, flags, signal);
    } catch (error) {
      await server.stop();
      asCannotStart(error);
    }
    if (flags.exit === true) await server.stop();
    else await runUntil(signal, server, console.log);
  } finally {
    await removeEmbeddedStack(folder);
  }
}

/** What would fail at the end is told at the beginning. @throws CannotStart */
async function demandPlaces({ json, data }: DemoFlags): Promise<void> {
  if (data !== undefined) await mappingOf(data).catch(asCannotStart);
  if (json === undefined) return;
  const folder = dirname(resolve(json));
  await access(folder, constants.W_OK).catch(() => {
    throw new CannotStart(`--json ${json}: there is no folder ${folder} in which a file can be written`);
  });
  const isFolder = (await stat(json).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) throw new CannotStart(`--json ${json}: is a folder; name a file`);
}

function asCannotStart(error: unknown): never {
  throw error instanceof CannotImport ? new CannotStart(error.message) : error;
}

async function fillAndShow(server: RunningServer, flags: DemoFlags, signal: Promise<string>): Promise<void> {
  const models = server.application.get(ReadModels);
  const last =
    flags.data === undefined
      ? await tellHalfAYear(server.url, flags.seed, flags.scale)
      : await loadFolder(server, flags.data, signal);
  await models.progress.waitFor(last, CATCH_UP_MS);
  const figures = await showFigures(models.pool);
  if (flags.json !== undefined) await writeFile(flags.json, `${JSON.stringify(figures, null, 2)}\n`);
  if (flags.exit !== true) sayWhere(server);
}

function sayWhere({ url, stores }: RunningServer): void {
  const line = (what: string, where: string) => {
    console.log(`  ${what.padEnd(10)} ${color.cyan(where)}`);
  };
  console.log(`\n${color.bold('It is all still here')} (Ctrl-C stops it and removes its data):`);
  line('commands', `POST ${url}/commands/<CommandName>`);
  line('reports', `${url}/reports`);
  line('API page', `${url}/api`);
  line('SQL', `psql '${stores.databaseUrl}'   (schema analytics; \\df+ analytics.*)`);
  line('events', stores.eventStoreUrl);
}
