import { InvalidArgumentError, type Command } from 'commander';

interface Flags {
  readonly json?: boolean;
  readonly rows?: number;
}

type Parameters = Readonly<Record<string, string>>;

/** `taizhang report` and `taizhang history`: what the read models say, under the names that the HTTP door gives it. */
export function registerReport(taizhang: Command): void {
  const shaped = (command: Command) =>
    command
      .argument(
        '[parameters...]',
        'as in its address: by=source as_of=2025-03-31 after=<position> wait=<ms>',
        parameter,
        {},
      )
      .option('--json', 'all rows as JSON')
      .option('--rows <n>', 'how many rows to print', wholeNumber);
  shaped(
    taizhang
      .command('report')
      .description('what the read models say; without a name, which reports there are')
      .argument('[name]', 'of the report'),
  ).action(async (name: string | undefined, parameters: Parameters, flags: Flags) => {
    const { printReport, printReports } = await import('./report/print.js');
    if (name === undefined) printReports();
    else await printReport(name, parameters, flags);
  });
  shaped(
    taizhang
      .command('history')
      .description('every revision of a customer: who, when, why, which field, old and new')
      .argument('<customer>', 'its id'),
  ).action(async (customer: string, parameters: Parameters, flags: Flags) => {
    const [{ printReport }, { historyColumns }] = await Promise.all([
      import('./report/print.js'),
      import('./report/table.js'),
    ]);
    const view = { columns: historyColumns, rows: Infinity };
    await printReport('customer-history', { ...parameters, customer }, { ...view, ...flags });
  });
}

function parameter(text: string, before: Parameters): Parameters {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return Number(text);
}
