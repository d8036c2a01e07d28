import { afterAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const CONFIG = resolve('.config/dependency-cruiser.cjs');
const DEPCRUISE = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

interface Rules {
  readonly forbidden: readonly { readonly name: string }[];
}
const rules = createRequire(import.meta.url)(CONFIG) as Rules;

/** A tree of the same shape in which one import breaks each rule. */
const violations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-cycles': {
    'libs/read-store/one.ts': `import { two } from './two.js';\nexport const one = () => two;\n`,
    'libs/read-store/two.ts': `import { one } from './one.js';\nexport const two = () => one;\n`,
  },
  'kernel-is-pure': { 'libs/kernel/event.ts': `import fs from 'node:fs';\nexport const event = fs;\n` },
  'deciders-are-pure': {
    'libs/crm/sea/lead/lead.decider.ts': `import { randomUUID } from 'node:crypto';\nexport const lead = randomUUID;\n`,
    'libs/crm/sea/lead/lead.stages.ts': `import fs from 'node:fs';\nexport const stages = fs;\n`,
    'libs/crm/sea/pool/pool.state.ts': `import { lead } from '../lead/lead.decider.js';\nexport const pool = lead;\n`,
    'libs/crm/days.ts': `import os from 'node:os';\nexport const days = os;\n`,
  },
  'policies-know-only-events-and-commands': {
    'libs/crm/policies/recycle.policy.ts': `import { lead } from '../sea/lead/lead.decider.js';\nexport const recycle = lead;\n`,
  },
  'rules-see-commands-only-as-types': {
    'libs/crm/sea/ally/ally.commands.ts': `export class Join {}\n`,
    'libs/crm/sea/ally/ally.decider.ts': `import { Join } from './ally.commands.js';\nexport const ally = Join;\n`,
  },
  'projections-know-only-events': {
    'projections/funnel/funnel.projection.ts': `import { lead } from '../../libs/crm/sea/lead/lead.decider.js';\nexport const funnel = lead;\n`,
  },
  'projections-do-not-write': {
    'libs/event-store/index.ts': `export const append = 1;\n`,
    'projections/roi/roi.projection.ts': `import { append } from '../../libs/event-store/index.js';\nexport const roi = append;\n`,
  },
  'domain-knows-no-reader': {
    'libs/crm/reader.module.ts': `import { funnel } from '../../projections/funnel/funnel.projection.js';\nexport const reader = funnel;\n`,
  },
  'generic-libs-have-no-business-word': {
    'libs/read-store/lead.ts': `import { lead } from '../crm/sea/lead/lead.decider.js';\nexport const row = lead;\n`,
  },
  'one-event-store-client-path': {
    'node_modules/@eventstore/db-client/package.json': `{ "name": "@eventstore/db-client", "main": "index.js" }`,
    'node_modules/@eventstore/db-client/index.js': `module.exports = {};\n`,
    'apps/server/client.ts': `import client from '@eventstore/db-client';\nexport const server = client;\n`,
  },
};

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

const folder = mkdtempSync(join(tmpdir(), 'taizhang-architecture-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the rules forbid in a tree, as `rule: file`. */
function violationsIn(cwd: string): readonly string[] {
  const roots = ['apps', 'libs', 'projections'];
  const json = execFileSync(
    process.execPath,
    [DEPCRUISE, '--config', CONFIG, '--output-type', 'json', '--no-progress', ...roots],
    { cwd, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const { summary } = JSON.parse(json) as { readonly summary: { readonly violations: readonly Violation[] } };
  return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}

test('the tree keeps every rule', () => expect(violationsIn('.')).toEqual([]));

test('each rule catches a deliberate violation', () => {
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext" } }');
  for (const [path, content] of Object.values(violations).flatMap((files) => Object.entries(files))) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const caught = violationsIn(folder);
  for (const { name } of rules.forbidden) expect(caught).toContainEqual(expect.stringMatching(`^${name}: `));
  for (const path of Object.keys(violations['deciders-are-pure'] ?? {}))
    expect(caught).toContain(`deciders-are-pure: ${path}`);
});

const SUBJECT = resolve('libs/crm/offer/product/product.decider.ts');

/** Type errors of the product's decider with another text in its place. */
function errorsWith(text: string, before?: ts.Program): { readonly program: ts.Program; readonly errors: number } {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) =>
    resolve(path) === SUBJECT
      ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
      : (before?.getSourceFile(path) ?? read(path, ...rest));
  const program = ts.createProgram([SUBJECT], { ...options, noEmit: true }, host, before);
  return { program, errors: program.getSemanticDiagnostics(program.getSourceFile(SUBJECT)).length };
}

/** The entries of the tables `decide` and `evolve`, with where they stand. */
function entriesOf(text: string): readonly { readonly name: string; readonly start: number; readonly end: number }[] {
  const found: { name: string; start: number; end: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && /^(decide|evolve)$/.test(node.name.getText()))
      for (const entry of ts.isObjectLiteralExpression(node.initializer) ? node.initializer.properties : [])
        found.push({ name: entry.name?.getText() ?? '', start: entry.getFullStart(), end: entry.getEnd() + 1 });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(SUBJECT, text, ts.ScriptTarget.ES2023, true));
  return found;
}

test('deleting a decision or an evolve step does not compile', () => {
  const text = readFileSync(SUBJECT, 'utf8');
  const whole = errorsWith(text);
  expect(whole.errors).toBe(0);
  const entries = entriesOf(text);
  expect(entries.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ListProduct', 'SetPrice', 'ProductListed', 'ProductRetired']),
  );
  for (const { name, start, end } of entries) {
    const { errors } = errorsWith(text.slice(0, start) + text.slice(end), whole.program);
    expect({ name, compiles: errors === 0 }).toEqual({ name, compiles: false });
  }
});
