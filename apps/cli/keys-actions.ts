import { setTimeout } from 'node:timers/promises';
import Table from 'cli-table3';
import colour from 'picocolors';
import { CannotStart } from '#embedded';
import { KeyDamaged, keysByMaster, MASTER_KEYS_FRESH_MS, MasterKeyMissing, rewrapKeys } from '#event-store';
import { neverInstalled, schemasOf } from '#read-store';
import { addMasterKey } from '../server/master-keys.js';
import { progressBar } from './progress.js';
import type { ReachedStores } from './stores.js';

/** What the table of keys says, beside the master keys at hand. */
interface KeyRing {
  readonly current: string;
  readonly masters: readonly { readonly masterKey: string; readonly keys: number; readonly problem?: string }[];
  readonly destroyed: number;
}

export async function showKeys(reached: ReachedStores, json: boolean): Promise<void> {
  const ring = await ringOf(reached);
  if (hasProblem(ring)) process.exitCode = 1;
  if (json) return console.log(JSON.stringify(ring, undefined, 2));
  const table = new Table({
    style: { head: [], border: [] },
    head: ['master key', 'wraps', ''].map(colour.bold),
    colAligns: ['left', 'right', 'left'],
  });
  for (const { masterKey, keys, problem } of ring.masters)
    table.push([masterKey, keysOf(keys), problem ?? (masterKey === ring.current ? colour.green('wraps') : 'opens')]);
  console.log(table.toString());
  if (ring.destroyed > 0) console.log(`Of ${ring.destroyed} erased subjects the key is destroyed.`);
  console.log(adviceOn(ring, reached));
}

function adviceOn(ring: KeyRing, reached: ReachedStores): string {
  const earlier = notYetRotated(ring);
  if (hasProblem(ring)) return colour.red(unreadable(ring, reached));
  if (earlier > 0) return colour.yellow(`${keysOf(earlier)} left under an earlier master key: taizhang keys rotate`);
  return colour.green(`Every key is wrapped by ${ring.current}.`);
}

export async function rotateKeys(reached: ReachedStores): Promise<void> {
  const { pool, masterKeys, configuration } = reached;
  const found = await ringOf(reached);
  if (hasProblem(found)) throw new CannotStart(unreadable(found, reached));
  if (notYetRotated(found) === 0) await makeAnother(reached);
  const ring = await ringOf(reached);
  const all = notYetRotated(ring);
  console.log(`${keysOf(all)} to be wrapped anew under ${ring.current}`);
  const bar = progressBar('rotating', 'keys');
  const rotating = rewrapKeys(pool, schemasOf(configuration.namespace).keys, masterKeys, (done) => {
    bar.update(done, Math.max(all, done));
  });
  const rotated = await rotating.catch(asAdvice).finally(bar.stop);
  console.log(`${colour.green('rotated')} ${keysOf(rotated)}. ${whatMayGo(reached)}`);
}

/** An earlier rotation that was stopped is finished first: only when nothing is left under an old key is there a new one. */
async function makeAnother({ configuration: { masterKeys, masterKeyFile } }: ReachedStores): Promise<void> {
  if (masterKeys !== undefined)
    throw new CannotStart(
      'Every key is wrapped by the first master key of MASTER_KEY already. Put a new one before it ' +
        '(`MASTER_KEY="$(openssl rand -base64 32),$MASTER_KEY"`), here and where servers run, and call this again.',
    );
  await addMasterKey(masterKeyFile);
  console.log(`A new master key stands first in ${masterKeyFile}.`);
  // Until then a running server may wrap the key of somebody new under the old one.
  await setTimeout(2 * MASTER_KEYS_FRESH_MS);
}

async function ringOf({ pool, masterKeys, configuration }: ReachedStores): Promise<KeyRing> {
  const schema = schemasOf(configuration.namespace).keys;
  const { rows } = await pool.query<{ isThere: boolean }>(`select to_regclass($1) is not null as "isThere"`, [
    `${schema}.subject_keys`,
  ]);
  if (rows[0]?.isThere !== true) throw new CannotStart(neverInstalled(schema));
  const [current, { inUse, destroyed }] = [await masterKeys.current(), await keysByMaster(pool, schema, masterKeys)];
  const masters = inUse.map(({ masterKey, keys, failure }) => ({
    ...{ masterKey, keys },
    ...(failure && { problem: failure instanceof MasterKeyMissing ? 'not at hand' : failure.message }),
  }));
  const isUsed = masters.some(({ masterKey }) => masterKey === current);
  return { current, masters: isUsed ? masters : [{ masterKey: current, keys: 0 }, ...masters], destroyed };
}

const notYetRotated = ({ current, masters }: KeyRing): number =>
  masters.reduce((sum, { masterKey, keys }) => (masterKey === current ? sum : sum + keys), 0);

const hasProblem = ({ masters }: KeyRing) => masters.some(({ problem }) => problem !== undefined);

const whereOf = ({ configuration: { masterKeys, masterKeyFile } }: ReachedStores) =>
  masterKeys === undefined ? masterKeyFile : 'MASTER_KEY';

function unreadable({ masters }: KeyRing, reached: ReachedStores): string {
  const [where, lines] = [whereOf(reached), masters.filter(({ problem }) => problem !== undefined)];
  return lines
    .map(({ masterKey, keys, problem = '' }) =>
      problem === 'not at hand'
        ? `${keysOf(keys)} cannot be opened: the master key ${masterKey} that wraps them is not in ${where}. ` +
          'Add it behind the first one, and call this again.'
        : `${problem}. ${MEND}`,
    )
    .join('\n');
}

const MEND = 'Restore its row from a backup, or erase the person; then call this again.';

function asAdvice(error: unknown): never {
  throw error instanceof KeyDamaged ? new CannotStart(`${error.message}. ${MEND}`) : error;
}

const whatMayGo = (reached: ReachedStores) =>
  `Earlier master keys may be taken out of ${whereOf(reached)} once no backup of the keys needs them.`;

const keysOf = (count: number) => `${count.toLocaleString('en-US')} ${count === 1 ? 'key' : 'keys'}`;
