import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('end-to-end tests pass while their event node is killed again and again; all of them: npm run chaos -- e2e', async () => {
  const chaos = spawn('npm', ['run', '--silent', 'chaos', '--', 'e2e', '--only', 'door,reports'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [chaos.stdout, chaos.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await once(chaos, 'close');
  expect(said).toMatch(/The event node was killed [1-9]\d* times/);
  expect(said.trim().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed$/);
}, 900_000);
