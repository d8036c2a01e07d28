import { describe, expect, test } from '@jest/globals';
import { CannotImport } from './cannot-import.js';
import { parseMapping } from './mapping-file.js';

const good = `source: shop
files:
  people: { file: people.csv }
records:
  - name: people
    entity: person
    from: people
    key: id
    commands:
      - send: Register
        to: personId
        fields:
          name: { $text: name }
          size: { $integer: size }
`;

const problemOf = (text: string): string => {
  try {
    parseMapping(text, 'm.yaml');
    return 'none';
  } catch (error) {
    return error instanceof CannotImport ? error.message : `not expected: ${String(error)}`;
  }
};

describe('a mapping', () => {
  test('that is right is taken, with its defaults', () => {
    expect(parseMapping(good, 'm.yaml')).toMatchObject({ zone: 'UTC', dates: ['yyyy-MM-dd'], empty: [''] });
  });

  test.each([
    ['source: shop', 'source: The Shop', 'm.yaml:1: source: expected lower-case letters'],
    ['source: shop', 'source: shop\nzone: Mars/One', 'm.yaml:2: zone: expected an IANA time zone'],
    ['source: shop', 'source: shop\ndates: [yesterday]', 'm.yaml:2: dates.0: expected a date format'],
    ['key: id', 'key: id\n    colour: red', 'm.yaml:5: records.0: Unrecognized key: "colour"'],
    ['key: id', 'where: { id: { above: 3 } }\n    key: id', 'm.yaml:8: records.0.where.id: Unrecognized key: "above"'],
    ['key: id', 'where: { id: 3 }\n    key: id', 'm.yaml:8: records.0.where.id: expected a value, a list of values'],
    ['from: people', 'from: poeple', 'm.yaml:7: records.0.from: expected one of the files people'],
    ['    key: id\n', '', "m.yaml:5: records.0: expected exactly one of 'key', 'distinct' and 'is'"],
    ['$text: name', '$txt: name', 'm.yaml:13: records.0.commands.0.fields.name.$txt: expected one of $first, $text'],
    ['$text: name', '$text: name, trim: true', 'records.0.commands.0.fields.name: Unrecognized key: "trim"'],
    ['$text: name', '$ref: shop, of: shop', 'fields.name: expected an entity of these or earlier records: person'],
    ['$text: name', '$money: name', "fields.name: expected a 'currency' here or for the whole mapping"],
    ['name: { $text: name }', 'names: [{ $date: }]', 'fields.names.0.$date: Invalid input: expected string'],
    ['to: personId', 'to: { a: { $text: name } }', 'm.yaml:11: records.0.commands.0.to: expected'],
    ['- send', '- send: Register\n        to: personId\n      - send', "several commands are the step 'Register'"],
    ['records:', 'records: {', 'm.yaml: '],
    ['key: id', 'key: *nowhere', 'm.yaml: Unresolved alias'],
  ])('with %j made %j says where and what is expected', (right, wrong, message) => {
    expect(problemOf(good.replace(right, wrong))).toContain(message);
  });

  test('that sends a command which nobody knows says so', () => {
    expect(() => parseMapping(good, 'm.yaml', { has: (name) => name === 'Enrol', problemsOf: () => [] })).toThrow(
      'm.yaml:10: records.0.commands.0.send: there is no command Register',
    );
  });

  test('with several problems names them all', () => {
    const lines = problemOf(good.replace('source: shop', 'source: A B').replace('$integer', '$int')).split('\n');
    expect(lines).toHaveLength(2);
  });
});
