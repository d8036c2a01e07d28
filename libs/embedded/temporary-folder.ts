import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './processes.js';
import { removeEmbeddedStack } from './stack.js';

/**
 * A new temporary folder for a stack; `removeEmbeddedStack` removes it. Unlike a plain `mkdtemp` folder, the user whom
 * Postgres runs as may pass through it, so its data stays in it.
 */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-${process.pid}-`));
  chmodSync(folder, 0o711);
  return folder;
}

/** Removes what killed processes could not: their temporary folders of this name. */
export async function removeLeftovers(name: string): Promise<void> {
  for (const entry of readdirSync(tmpdir())) {
    const [, owner, pid] = /^(.+)-(\d+)-[^-]+$/.exec(entry) ?? [];
    if (owner !== name || isAlive(Number(pid))) continue;
    // It may be another user's.
    await removeEmbeddedStack(join(tmpdir(), entry)).catch(() => undefined);
  }
}
