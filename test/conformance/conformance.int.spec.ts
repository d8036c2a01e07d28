import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test.each(['eventstore', 'kurrent'])(
  'the embedded node answers every case as EventStoreDB does: %s',
  async (client) => {
    const { code, output, complaints } = await run('npm', ['run', '--silent', 'conformance', '--', '--client', client]);
    const failures = output.split('\n').filter((line) => /^(FAILED| {11})/.test(line));
    expect(failures).toEqual([]);
    const last = output.trim().split('\n').at(-1);
    expect({ last, code, complaints }).toEqual({
      last: expect.stringMatching(/^\d{3} passed, 0 failed, \d+ skipped$/),
      code: 0,
      complaints: expect.any(String),
    });
  },
  900_000,
);

interface Run {
  readonly code: number | null;
  readonly output: string;
  /** What it wrote to its error output: why it ended, when it ended early. */
  readonly complaints: string;
}

function run(program: string, parameters: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, output, complaints });
    });
  });
}
