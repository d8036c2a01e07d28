import { chmod, mkdir, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { isRoot, mayEnter, type ServerUser } from './postgres-user.js';

/** A folder of our own outside the checkout, which the server's user may enter. */
export async function sharedFolder(user: ServerUser): Promise<string> {
  const candidates = isRoot()
    ? ['/var/lib/taizhang', '/var/tmp/taizhang']
    : [join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'taizhang'), ownTemporaryFolder()];
  for (const folder of candidates) {
    if ((await isOurs(folder)) && (await mayEnter(user, folder))) return folder;
  }
  throw new CannotStart(`Postgres needs a folder it can enter; none of these can be used: ${candidates.join(', ')}.`);
}

const ownTemporaryFolder = (): string => join(tmpdir(), `taizhang-${process.getuid?.() ?? 'user'}`);

/** Creates it if need be. One that another user owns or may write could hold somebody else's binaries. */
async function isOurs(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
    return (await stat(folder)).uid === (process.getuid?.() ?? 0);
  } catch {
    return false;
  }
}
