import { describe, expect, test } from '@jest/globals';
import { importFiles, RememberingPort } from '../../test/imports.js';
import type { Commands } from './commands.js';
import type { CommandOutcome, CommandPort } from './port.js';
import { parseMapping } from './mapping-file.js';
import { RecordSet } from './record-set.js';
import { runImport } from './run.js';
import { KnownRecords } from './known-records.js';
import { Identity } from './identity.js';

const mapping = `
source: shop
files: { accounts: { file: accounts.csv }, bookings: { file: bookings.csv } }
records:
  - name: accounts
    entity: account
    from: accounts
    key: id
    commands:
      - { send: Open, to: accountId, fields: { name: { $text: name } } }
      - { send: Activate, to: accountId }
  - name: bookings
    entity: booking
    from: bookings
    key: id
    commands:
      - send: Book
        to: { accountId: { $ref: account, of: account } }
        fields: { bookingId: { $id: booking } }
`;
const accounts = 'id,name\nA,Ann\nB,Bob\nC,Cid\n';
const bookings = 'id,account\n1,A\n2,A\n3,B\n4,A\n5,C\n';

/** Answers when it is told to, so that what waits for what can be seen. */
class SlowPort implements CommandPort {
  readonly begun: string[] = [];
  private readonly under = new Map<string, number>();
  mostAtOnce = 0;
  mostForOne = 0;

  async send(name: string, fields: Readonly<Record<string, unknown>>): Promise<CommandOutcome> {
    const target = String(fields['accountId']);
    this.begun.push(name);
    this.under.set(target, (this.under.get(target) ?? 0) + 1);
    this.mostForOne = Math.max(this.mostForOne, this.under.get(target) ?? 0);
    this.mostAtOnce = Math.max(
      this.mostAtOnce,
      [...this.under.values()].reduce((sum, one) => sum + one, 0),
    );
    await new Promise(setImmediate);
    this.under.set(target, (this.under.get(target) ?? 0) - 1);
    return { outcome: 'accepted', events: 1 };
  }
}

describe('a run', () => {
  test('sends many rows at once, but one at a time for each target, after what they refer to', async () => {
    const port = new SlowPort();
    const report = await importFiles(mapping, { 'accounts.csv': accounts, 'bookings.csv': bookings }, port);
    expect(report).toMatchObject({ rows: 8, events: 11, isStopped: false });
    expect(port.mostForOne).toBe(1);
    expect(port.mostAtOnce).toBeGreaterThan(1);
    expect(port.begun.slice(0, 6).sort()).toEqual(['Activate', 'Activate', 'Activate', 'Open', 'Open', 'Open']);
  });

  test('a refused command ends its row, and who refers to the row refers to nothing', async () => {
    const refusal = { outcome: 'refused', events: 0, code: 'NAME_TAKEN', message: 'name taken' } as const;
    const port = new RememberingPort(({ fields }) => (fields.name === 'Ann' ? refusal : undefined));
    const report = await importFiles(mapping, { 'accounts.csv': accounts, 'bookings.csv': bookings }, port);
    expect(report.problems).toMatchObject([
      { records: 'accounts', row: 2, key: 'A', kind: 'rejected', field: 'Open', code: 'NAME_TAKEN' },
      { records: 'bookings', row: 2, field: 'account', reason: "names an unknown account 'A'" },
      { row: 3 },
      { row: 5 },
    ]);
    expect(port.fieldsOf('Activate')).toHaveLength(2);
  });

  test('a row of which one command is wrong by itself sends none of them', async () => {
    const port = new RememberingPort();
    const wrong = { field: 'name', problem: 'no Bobs', isUnknownField: false };
    const commands: Commands = {
      has: () => true,
      problemsOf: (name, fields) => (name === 'Activate' && 'mark' in fields && fields.mark === 'Bob' ? [wrong] : []),
    };
    const marked = mapping.replace(
      '{ send: Activate, to: accountId }',
      '{ send: Activate, to: accountId, fields: { mark: { $text: name } } }',
    );
    const report = await importFiles(marked, { 'accounts.csv': accounts, 'bookings.csv': bookings }, port, commands);
    expect(report.problems).toMatchObject([
      { records: 'accounts', row: 3, key: 'B', kind: 'rejected', field: 'Activate.name', reason: 'no Bobs' },
      { records: 'bookings', row: 4, reason: "names an unknown account 'B'" },
    ]);
    expect(port.fieldsOf('Open').map(({ name }) => name)).toEqual(['Ann', 'Cid']);
  });

  test('when nothing can be sent any more, it ends with the reason', async () => {
    const port = { send: () => Promise.reject(new Error('the server is gone')) };
    const files = { 'accounts.csv': accounts, 'bookings.csv': bookings };
    await expect(importFiles(mapping, files, port)).rejects.toThrow('the server is gone');
  });

  test('a signal lets the rows under way finish and begins no other', async () => {
    const stop = new AbortController();
    const port = new RememberingPort();
    const known = new KnownRecords();
    const { records } = parseMapping(
      'source: s\nfiles: {}\nrecords: [1, 2, 3]'.replace(/\d/g, (n) => {
        const ref = n === '1' ? '' : `, fields: { after: { $ref: thing${Number(n) - 1}, is: x } }`;
        return `{ name: '${n}', entity: thing${n}, is: x, commands: [{ send: Do, to: id${ref} }] }`;
      }),
      'm',
    );
    const context = {
      mapping: parseMapping(
        'source: s\nfiles: {}\nrecords: [{name: a, entity: a, is: x, commands: [{send: Do, to: id}]}]',
        'm',
      ),
      identity: new Identity('s'),
      knows: (entity: string, key: string) => known.knows(entity, key),
    };
    const sets = records.map((one) => new RecordSet(one, undefined, new Map(), context));
    const report = await runImport({ source: 's', sets, known }, port, {
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 2) stop.abort();
      },
    });
    expect(report).toMatchObject({ rows: 2, isStopped: true });
    expect(port.accepted).toHaveLength(2);
  });
});
