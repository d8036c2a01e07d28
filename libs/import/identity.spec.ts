import { describe, expect, test } from '@jest/globals';
import { importFiles, RememberingPort } from '../../test/imports.js';

const mapping = `
source: shop
files: { people: { file: people.csv }, visits: { file: visits.csv } }
records:
  - name: people
    entity: person
    from: people
    key: id
    commands:
      - send: Register
        to: personId
        fields: { name: { $text: name } }
      - send: Close
        step: end
        when: { state: closed }
        to: personId
        occurredAt: { $instant: on }
      - send: Lose
        step: end
        when: { state: lost }
        to: personId
        occurredAt: { $instant: on }
  - name: visits
    entity: visit
    from: visits
    key: [person, day]
    commands:
      - send: Visit
        to: { personId: { $ref: person, of: person } }
        fields: { visitId: { $id: visit }, day: { $date: day } }
`;
const header = 'id,name,state,on\n';
const visits = 'person,day\n1,2026-01-02\n1,2026-01-03\n';
const run = (people: string, port: RememberingPort) =>
  importFiles(mapping, { 'people.csv': header + people, 'visits.csv': visits }, port);

describe('identity of imported rows', () => {
  test('the same files again are nothing but duplicates, under the same ids', async () => {
    const port = new RememberingPort();
    await run('1,Ann,,\n2,Bob,closed,2026-01-05\n', port);
    const again = await run('1,Ann,,\n2,Bob,closed,2026-01-05\n', port);
    expect(again.events).toBe(0);
    expect(again.records.map(({ rows, duplicate }) => [rows, duplicate])).toEqual([
      [2, 2],
      [2, 2],
    ]);
    const other = new RememberingPort();
    await run('1,Ann,,\n2,Bob,closed,2026-01-05\n', other);
    expect(other.accepted).toEqual(port.accepted);
  });

  test('a row added or moved imports one row', async () => {
    const port = new RememberingPort();
    await run('1,Ann,,\n2,Bob,,\n', port);
    const again = await run('3,Cid,,\n2,Bob,,\n1,Ann,,\n', port);
    expect(again.records[0]).toMatchObject({ accepted: 1, duplicate: 2 });
    expect(again.events).toBe(1);
  });

  test('a row that went on since imports only what is new', async () => {
    const port = new RememberingPort();
    await run('1,Ann,,\n', port);
    const again = await run('1,Ann,closed,2026-02-01\n', port);
    expect(again.records[0]).toMatchObject({ accepted: 1, events: 1 });
    expect(port.accepted.at(-1)?.name).toBe('Close');
  });

  test('a row with the same key and other content differs, and nothing of it is appended', async () => {
    const port = new RememberingPort();
    await run('1,Ann,closed,2026-02-01\n', port);
    const renamed = await run('1,Anne,lost,2026-02-01\n', port);
    expect(renamed.records[0]).toMatchObject({ differing: 1, events: 0 });
    expect(renamed.problems).toMatchObject([{ row: 2, key: '1', kind: 'differing', field: 'Register' }]);
    // Steps that exclude each other share an id, so the other ending differs too.
    const lost = await run('1,Ann,lost,2026-02-01\n', port);
    expect(lost.problems).toMatchObject([{ key: '1', kind: 'differing', field: 'Lose' }]);
  });

  test('a key that stands twice in a file counts once: the first row wins', async () => {
    const port = new RememberingPort();
    const report = await run('1,Ann,,\n1,Ann,,\n1,Anne,,\n', port);
    expect(report.records[0]).toMatchObject({ rows: 3, accepted: 1, duplicate: 1, differing: 1 });
    expect(report.problems).toMatchObject([{ row: 4, reason: 'repeats the key of row 2 with other content' }]);
    expect(port.fieldsOf('Register')).toMatchObject([{ name: 'Ann' }]);
  });

  test('another source has other ids for the same keys', async () => {
    const [one, other] = [new RememberingPort(), new RememberingPort()];
    const files = { 'people.csv': `${header}1,Ann,,\n`, 'visits.csv': visits };
    await importFiles(mapping, files, one);
    await importFiles(mapping.replace('source: shop', 'source: store'), files, other);
    const ids = [...one.accepted, ...other.accepted].map(({ issue }) => issue.commandId);
    expect(new Set(ids).size).toBe(6);
    expect(one.fieldsOf('Register')[0]?.personId).not.toBe(other.fieldsOf('Register')[0]?.personId);
  });
});
