import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { createSecureContext } from 'node:tls';

/** What a node needs to serve others than its own machine: TLS, and one user who may do everything. */
export interface Security {
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly user: User;
}

export interface User {
  readonly name: string;
  readonly password: string;
}

/** The files that hold them. */
export interface SecurityFiles {
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** One line, `name:password`: a command line and an environment are read by others too easily. */
  readonly user?: string | undefined;
}

const NEEDED = '--tls-certificate, --tls-key and --user-file (one line, name:password) belong together';

/** Undefined when no file is named: the node then speaks no TLS. @throws when it could be neither safe nor plain */
export function readSecurity({ certificate, key, user }: SecurityFiles, host: string): Security | undefined {
  if (certificate === undefined && key === undefined && user === undefined) {
    if (isLoopback(host)) return undefined;
    throw new Error(`Without TLS the event node listens on loopback only, not on ${host}: ${NEEDED}.`);
  }
  if (certificate === undefined || key === undefined || user === undefined)
    throw new Error(`${NEEDED}: name all three.`);
  const security = { certificate: contentOf(certificate), key: contentOf(key), user: userIn(user) };
  try {
    createSecureContext({ cert: security.certificate, key: security.key });
  } catch (error) {
    throw new Error(`${certificate} and ${key} are no certificate with its key, both as PEM: ${String(error)}`, {
      cause: error,
    });
  }
  return security;
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${String(error)}`, { cause: error });
  }
}

function userIn(file: string): User {
  const [line = '', ...more] = contentOf(file).toString().trim().split('\n');
  const at = line.indexOf(':');
  if (at < 1 || at === line.length - 1 || more.length > 0)
    throw new Error(`${file} must hold one line, the name and the password of the user: name:password.`);
  return { name: line.slice(0, at), password: line.slice(at + 1) };
}
