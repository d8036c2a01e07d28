import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test.each(['eventstore', 'kurrent'])(
  'the embedded node answers every case as EventStoreDB does: %s',
  async (client) => {
    const { code, output } = await run('npm', ['run', '--silent', 'conformance', '--', '--client', client]);
    const failures = output.split('\n').filter((line) => /^(FAILED| {11})/.test(line));
    expect(failures).toEqual([]);
    expect(output.trim().split('\n').at(-1)).toMatch(/^\d{3} passed, 0 failed, \d+ skipped$/);
    expect(code).toBe(0);
  },
  900_000,
);

function run(program: string, parameters: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output });
    });
  });
}
