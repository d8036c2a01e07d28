import { describe, expect, test } from '@jest/globals';
import { importFiles, RememberingPort } from '../../test/imports.js';

const mapping = (file = '') => `
source: shop
files: { people: { file: people.csv${file} } }
records:
  - name: people
    entity: person
    from: people
    key: id
    commands:
      - send: Register
        to: personId
        fields: { name: { $text: name } }
`;
const names = async (content: string | Buffer, file?: string) => {
  const port = new RememberingPort();
  await importFiles(mapping(file), { 'people.csv': content }, port);
  return port.fieldsOf('Register').map(({ name }) => name);
};

describe('files', () => {
  test('quotes, line breaks in fields, blank lines, Windows line ends and a byte order mark are understood', async () => {
    expect(await names('\uFEFFid,name\r\n1,"A ""B"", C"\r\n\r\n2,"two\r\nlines"\r\n3, Ann \r\n')).toEqual([
      'A "B", C',
      'two\r\nlines',
      'Ann',
    ]);
  });

  test('a column that the mapping does not use may be there', async () => {
    expect(await names('name,more,id\nAnn,x,1\n')).toEqual(['Ann']);
  });

  test('other delimiters, encodings and files without a header are told by the mapping', async () => {
    const gbk = Buffer.concat([Buffer.from('1;'), Buffer.from([0xcc, 0xa8, 0xd5, 0xcb]), Buffer.from('\n')]);
    expect(await names(gbk, ", delimiter: ';', encoding: gbk, header: [id, name]")).toEqual(['台账']);
  });

  test('a key that was put right is the same key', async () => {
    const port = new RememberingPort();
    const spelling = ', columns: { id: { spelling: { one: "1" } } }';
    const report = await importFiles(mapping(spelling), { 'people.csv': 'id,name\n1,Ann\none,Ann\n' }, port);
    expect(report.records[0]).toMatchObject({ accepted: 1, duplicate: 1 });
    expect(report.records[0]?.respellings).toEqual([{ column: 'id', from: 'one', to: '1', rows: 1 }]);
  });

  test.each([
    ['a missing column', 'id\n1\n', /people\.csv has no column 'name'; its columns are id$/],
    ['two columns of one name', 'id,id\n1,2\n', /two columns are called 'id'/],
    ['an empty file', '', /people\.csv is empty/],
    [
      'a quote that is never closed',
      'id,name\n1,Ann\n2,"Bob\n3,Cid\n',
      /row that begins at line 3 cannot be read: Quote Not Closed/,
    ],
    ['a quote inside a field', 'id,name\n1,An"n\n', /row that begins at line 2 cannot be read: Invalid Opening Quote/],
    ['bytes that are not UTF-8', Buffer.from('id,name\n1,Ann\n2,J\xf6rg\n3,Cid\n', 'latin1'), /line 3 is not utf-8/],
    ['UTF-16', Buffer.from('\uFEFFid,name\n1,Ann\n', 'utf16le'), /line 1 is not utf-8/],
  ])('%s: nothing is sent, and one line says why', async (_, content, message) => {
    const port = new RememberingPort();
    await expect(importFiles(mapping(), { 'people.csv': content }, port)).rejects.toThrow(message);
    expect(port.accepted).toEqual([]);
  });

  test('a file that is not there', async () => {
    await expect(importFiles(mapping(), {})).rejects.toThrow('There is no file people.csv, which the mapping needs');
  });

  test('a column with a spelling that the file does not have', async () => {
    const misspelt = mapping(', columns: { nmae: { empty: ["-"] } }');
    await expect(importFiles(misspelt, { 'people.csv': 'id,name\n' })).rejects.toThrow("has no column 'nmae'");
  });

  test('a row of another width is rejected, the others are imported', async () => {
    const port = new RememberingPort();
    const report = await importFiles(mapping(), { 'people.csv': 'id,name\n1,Ann\n2\n3,Cid,x\n4,Dan\n' }, port);
    expect(report.problems).toMatchObject([
      { row: 3, reason: 'has 1 fields where the header has 2' },
      { row: 4, reason: 'has 3 fields where the header has 2' },
    ]);
    expect(report.records[0]).toMatchObject({ rows: 4, accepted: 2, rejected: 2 });
  });
});
