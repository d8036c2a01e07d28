import { expect, test } from '@jest/globals';
import { IsOptional } from 'class-validator';
import { Command } from './command.js';
import { Part, Parts, Text } from './command-fields.js';
import { Clearable } from './nulls.js';

class Profile {
  @Clearable() @Text() readonly phone?: string | null;
  @IsOptional() @Text() readonly name?: string;
}
class Sample extends Command {
  @IsOptional() @Text() readonly source?: string;
  @IsOptional() @Part(() => Profile) readonly profile?: Profile;
  @IsOptional() @Parts(() => Profile) readonly profiles?: Profile[];
}
const built = (fields: object) => Sample.of(fields);

test('null means absent', () => expect(built({ source: null, occurredAt: null })).toEqual(built({})));
test('null takes the value of a clearable field away', () =>
  expect(built({ profile: { phone: null, name: null } }).profile).toEqual({ phone: null }));
test('parts in lists are treated alike, and a list keeps its length', () =>
  expect(built({ profiles: [{ phone: null, name: null }, null] }).profiles).toEqual([{ phone: null }, null]));
