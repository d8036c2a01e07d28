import { InvalidArgumentError, type Command } from 'commander';
import type { DemoFlags } from './demo/demo.js';

const positive = (text: string): number => {
  const number = Number(text);
  if (number > 0 && number <= 1_000) return number;
  throw new InvalidArgumentError('expected a number above 0, at most 1000');
};

const whole = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number');
};

/** `taizhang demo`: everything at once, on a folder of its own. */
export function registerDemo(taizhang: Command): void {
  taizhang
    .command('demo')
    .description('play a sales organisation, or import a data set, and print what the read models say')
    .option('--exit', 'stop when all is printed')
    .option('--scale <n>', 'how much is played, 1 is half a year of 600 leads', positive, 1)
    .option('--seed <n>', 'another seed plays another half year', whole, 1)
    .option('--json <file>', 'write all printed figures here')
    .option('--data <folder>', 'import this folder instead, with the mapping that knows its files')
    .action(async (flags: DemoFlags) => {
      const { runDemo } = await import('./demo/demo.js');
      await runDemo(flags);
    });
}
