#!/usr/bin/env node
import { Command } from 'commander';
import { exitAfter } from '../server/lifecycle.js';
import { registerAnalyst } from './analyst.command.js';
import { registerDemo } from './demo.command.js';
import { registerDictionary } from './dictionary.command.js';
import { registerEventNode } from './event-node.command.js';
import { registerEvents } from './events.command.js';
import { registerImport } from './import.command.js';
import { registerKeys } from './keys.command.js';
import { registerPolicies } from './policies.command.js';
import { registerProjections } from './projections.command.js';
import { registerReport } from './report.command.js';
import { registerStart } from './start.command.js';
import { registerStreams } from './streams.command.js';

/** Every command group; each lives in one file and loads what it needs when it runs. */
const groups = [
  registerStart,
  registerDemo,
  registerEventNode,
  registerEvents,
  registerImport,
  registerReport,
  registerStreams,
  registerProjections,
  registerPolicies,
  registerKeys,
  registerAnalyst,
  registerDictionary,
];

const taizhang = new Command('taizhang').description('The CRM domain core whose numbers can be proved.');
for (const register of groups) register(taizhang);

await exitAfter(async () => {
  await taizhang.parseAsync();
});
