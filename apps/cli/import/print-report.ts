import Table from 'cli-table3';
import type { ImportReport, RowReport } from '#import';

const number = (value: number) => value.toLocaleString('en-US');

/** The report of an import as text for people; `problems` are the first of the rows that were not imported as they stand. */
export function reportText(report: ImportReport, problems: readonly RowReport[]): string {
  const rejected = report.records.reduce((sum, one) => sum + one.rejected + one.differing, 0);
  return [
    countsTable(report),
    ...respellings(report),
    ...problems.map(problemLine),
    ...(rejected > problems.length
      ? [`… and ${number(rejected - problems.length)} more; --report FILE holds them all`]
      : []),
    summary(report),
  ].join('\n');
}

function countsTable({ records }: ImportReport): string {
  const head = ['file', 'records', 'rows', 'accepted', 'duplicate', 'differing', 'rejected', 'skipped', 'events'];
  const table = new Table({
    head,
    colAligns: head.map((_, index) => (index < 2 ? 'left' : 'right')),
    style: { head: [], border: [] },
  });
  for (const { records: name, file = '', isAbsent, rows, accepted, duplicate, differing, ...rest } of records) {
    const counts = [rows, accepted, duplicate, differing, rest.rejected, rest.skipped, rest.events].map(number);
    table.push([isAbsent ? '(not there)' : file, name, ...counts]);
  }
  return table.toString();
}

const respellings = ({ records }: ImportReport): string[] =>
  records.flatMap(({ records: name, respellings: respelt }) =>
    respelt.map(({ column, from, to, rows }) => `${name}: ${column} '${from}' read as '${to}' in ${number(rows)} rows`),
  );

function problemLine({ records, file, row, key, kind, field, reason, code }: RowReport): string {
  const place = file === undefined ? records : `${file} row ${row}`;
  const what = [key === undefined ? '' : ` (${key})`, field === undefined ? '' : ` ${field}`].join('');
  return `${kind}: ${place}${what}: ${reason}${code === undefined ? '' : ` [${code}]`}`;
}

function summary({ source, rows, events, seconds, isStopped }: ImportReport): string {
  const rate = number(Math.round(rows / Math.max(seconds, 0.001)));
  const state = isStopped ? ' Stopped before the end: start it again and it goes on where it was.' : '';
  return `${source}: ${number(rows)} rows, ${number(events)} events in ${seconds.toFixed(1)} s (${rate} rows/s).${state}`;
}
