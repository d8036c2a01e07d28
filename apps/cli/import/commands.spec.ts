import { describe, expect, test } from '@jest/globals';
import { parseMapping } from '#import';
import { commands } from './commands.js';

const good = `source: shop
files: { deals: { file: deals.csv } }
records:
  - name: deals
    entity: deal
    from: deals
    key: id
    commands:
      - send: CaptureLead
        to: leadId
        occurredAt: { $instant: day }
        reason: { code: imported }
        fields:
          leadNumber: { $text: id }
          profile: { name: { $text: name } }
      - send: ReturnLead
        to: leadId
        fields:
          reasonCode: { $text: why, values: { gone: no_need, asleep: other } }
`;

const problemsOf = (right: string, wrong: string): string => {
  try {
    parseMapping(good.replace(right, wrong), 'm.yaml', commands);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  }
};

describe('a mapping against the commands that there are', () => {
  test('is taken when it fits', () => {
    expect(problemsOf('', '')).toBe('none');
  });

  test.each([
    [
      'leadNumber:',
      'leadNumbr:',
      'm.yaml:14: records.0.commands.0.fields.leadNumbr: CaptureLead has no field leadNumbr',
    ],
    [
      'profile: { name:',
      'profile: { nam:',
      'm.yaml:15: records.0.commands.0.fields.profile.nam: CaptureLead has no field profile.nam',
    ],
    ['to: leadId', 'to: leedId', 'm.yaml:10: records.0.commands.0.to: CaptureLead has no field leedId'],
    ['to: leadId', 'to: leedId', 'records.0.commands.0.fields.leadId: CaptureLead needs leadId'],
    ['{ $text: id }', "''", 'm.yaml:14: records.0.commands.0.fields.leadNumber: leadNumber must be longer than'],
    [
      'code: imported',
      'code: It was',
      'm.yaml:12: records.0.commands.0.reason.code: code must be a lower_snake_case word',
    ],
    [
      'asleep: other',
      'asleep: sleepy',
      'm.yaml:19: records.0.commands.1.fields.reasonCode.values.asleep: reasonCode must be one of',
    ],
  ])('with %j made %j it says so by line', (right, wrong, message) => {
    expect(problemsOf(right, wrong)).toContain(message);
  });
});
