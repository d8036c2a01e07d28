import { afterAll, expect, test } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { LocalMasterKeys, nameOf, PostgresSubjectKeys } from '#event-store';
import { createPool, schemasOf } from '#read-store';
import { readConfiguration } from '../../apps/server/configuration.js';
import { openMasterKeys } from '../../apps/server/master-keys.js';
import { until } from '../faults/until.js';
import { testStack } from '../stack/index.js';

const { eventStoreUrl, databaseUrl, namespace } = await testStack();
const folder = await mkdtemp(join(tmpdir(), 'taizhang-keys-'));
const file = join(folder, 'master.key');
const old = randomBytes(32);
await writeFile(file, `${old.toString('base64')}\n`, { mode: 0o640 });

const variables = {
  EVENTSTORE_URL: eventStoreUrl,
  DATABASE_URL: databaseUrl,
  NAMESPACE: namespace,
  MASTER_KEY_FILE: file,
};
const program = ['dist/apps/cli/main.js', 'keys'];
const env = { ...process.env, ...variables, MASTER_KEY: '' };
const keys = (
  word: string,
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number | string; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [...program, word], { env: { ...env, ...more } }, (error, out, err) => {
      resolve({ code: error?.code ?? 0, out, err });
    });
  });

const pool = createPool(databaseUrl);
/** Keeps a rotation from going on. */
const holdUp = new Client(databaseUrl);
holdUp.on('error', () => undefined);
await holdUp.connect();
afterAll(async () => {
  await pool.end();
  await rm(folder, { recursive: true });
});
/** As a running server has them. */
const serving = new PostgresSubjectKeys(
  pool,
  schemasOf(namespace).keys,
  await openMasterKeys(readConfiguration(variables)),
);
await serving.prepare();
const table = `"${schemasOf(namespace).keys}".subject_keys`;
const subjects = Array.from({ length: 1_200 }, (_, n) => `lead:${String(n).padStart(4, '0')}`);
const before = await serving.ensure(subjects);
await serving.destroy(['lead:gone']);

const ringOf = async () =>
  (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => Buffer.from(line, 'base64'));
const wrappedBy = async (key: Buffer) =>
  (await pool.query(`select from ${table} where master_key = $1`, [nameOf(key)])).rowCount;
const opensAll = async () => {
  serving.forget('all');
  expect(await serving.find(subjects)).toEqual(before);
};

test('a rotation that is killed half-way loses nothing while a server works on, and the next one finishes it', async () => {
  await holdUp.query('begin');
  await holdUp.query(`select from ${table} where subject = 'lead:0600' for update`);
  const rotating = spawn(process.execPath, [...program, 'rotate'], { env, stdio: 'ignore' });
  await until('some keys to be wrapped anew', async () => (await wrappedBy(old)) === 700);
  const [fresh = old] = await ringOf();
  await serving.ensure(['lead:new']);
  await opensAll();
  rotating.kill('SIGKILL');
  await once(rotating, 'exit');
  await holdUp.end();

  expect((await keys('status')).out).toMatch(/700 keys left under an earlier master key/);
  await opensAll();
  const { code, out } = await keys('rotate');
  expect([code, out]).toEqual([0, expect.stringMatching(/rotated\S* 700 keys/)]);
  expect(await ringOf()).toEqual([fresh, old]);
  expect([await wrappedBy(fresh), await wrappedBy(old)]).toEqual([1_201, 0]);
  await opensAll();
});

test('without the old master key nothing is missed any more', async () => {
  const [fresh = old] = await ringOf();
  await writeFile(file, `${fresh.toString('base64')}\n`);
  const { code, out } = await keys('status');
  expect([code, out]).toEqual([0, expect.stringMatching(/Of 1 erased subjects[^]*Every key is wrapped by/)]);
  await opensAll();
});

test('what a rotation cannot do it says before it does anything, and how to mend it', async () => {
  const [fresh = old] = await ringOf();
  const alone = { MASTER_KEY_FILE: '', MASTER_KEY: fresh.toString('base64') };
  expect(await keys('rotate', alone)).toMatchObject({ code: 1, err: expect.stringMatching(/Put a new one before it/) });
  const wrong = { MASTER_KEY_FILE: '', MASTER_KEY: randomBytes(32).toString('base64') };
  expect(await keys('rotate', wrong)).toMatchObject({
    code: 1,
    err: `1,201 keys cannot be opened: the master key ${nameOf(fresh)} that wraps them is not in MASTER_KEY. Add it behind the first one, and call this again.\n`,
  });
  await pool.query(`update ${table} set wrapped = wrapped || 'x' where subject = 'lead:0900'`);
  const { code, err } = await keys('rotate');
  expect([code, err]).toEqual([1, expect.stringMatching(/the key of lead:0900 does not open .*Restore its row/)]);
  expect(
    await new PostgresSubjectKeys(pool, schemasOf(namespace).keys, LocalMasterKeys.holding(...(await ringOf()))).find(
      subjects.slice(0, 900),
    ),
  ).toEqual(new Map([...before].slice(0, 900)));
});
