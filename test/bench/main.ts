import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Measures, Say } from './measure.js';

/** What can be measured, each in a folder of its own. */
const benches: Readonly<Record<string, (say: Say) => Promise<Measures>>> = {
  'cold-loads': async (say) => (await import('./cold-loads/index.js')).benchColdLoads(say),
  commands: async (say) => (await import('./commands/index.js')).benchCommands(say),
  'event-node': async (say) => (await import('./event-node/index.js')).benchEventNode(say),
  projections: async (say) => (await import('./projections/index.js')).benchProjections(say),
};

/** `npm run bench -- <name> [--json]`: measures ours beside a reference, in one run; exits 1 when a target is missed. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const [name = 'nothing'] = positionals;
const bench = benches[name];
if (bench === undefined) {
  console.error(`There is no bench of ${name}; there are: ${Object.keys(benches).join(', ')}`);
  process.exit(1);
}
const measures = await bench((line) => void process.stderr.write(`${line}\n`));
console.log(values.json ? JSON.stringify(measures, null, 2) : table(measures));
process.exit(Object.values(measures).every(({ ok }) => ok) ? 0 : 1);

function table(measured: Measures): string {
  const rows = new Table({
    head: ['measure', 'value', 'unit', 'reference', 'ratio', 'target', ''],
    style: { head: [] },
  });
  for (const [measure, { value, unit, reference, ratio, target, ok }] of Object.entries(measured))
    rows.push([measure, value, unit, reference ?? '', ratio ?? '', target ?? '', ok ? 'ok' : 'missed']);
  return rows.toString();
}
