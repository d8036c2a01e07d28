import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Certificate } from './scripted-server.js';

const openssl = promisify(execFile);

/** An authority made for one test, with a certificate for this machine that it has signed. */
export interface TestAuthority extends Certificate {
  /** The file that makes a client trust it. */
  readonly caFile: string;
  readonly ca: Buffer;
  /** The same as `certificate` and `key`, for programs that read files. */
  readonly certificateFile: string;
  readonly keyFile: string;
  remove(): Promise<void>;
}

/** Needs the `openssl` program. */
export async function testAuthority(): Promise<TestAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'taizhang-ca-'));
  const file = (name: string) => join(folder, name);
  const make = (...parameters: readonly string[]) => openssl('openssl', parameters, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  await make('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test authority');
  await make('req', ...key.slice(0, -2), '-keyout', 'node.key', '-out', 'node.csr', '-subj', '/CN=localhost');
  await writeFile(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', 'names'];
  await make('x509', '-req', '-in', 'node.csr', '-out', 'node.crt', ...signed);
  return {
    caFile: file('ca.crt'),
    ca: await readFile(file('ca.crt')),
    certificateFile: file('node.crt'),
    keyFile: file('node.key'),
    key: await readFile(file('node.key')),
    certificate: await readFile(file('node.crt')),
    remove: () => rm(folder, { recursive: true }),
  };
}
