import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { dataDictionary } from '../../apps/cli/data-dictionary.js';
import { project } from './project.js';

const { pool, rows } = await project([]);

test('every view and function of analytics, and every column, parameter and result of them, says what it means', async () => {
  expect(
    await rows(`select object, name from data_dictionary
      where about is null or role <> 'value' and (meaning is null or meaning !~ '[\u4e00-\u9fff]')`),
  ).toEqual([]);
});

test('every column that readers see carries its meaning as a comment, in English and Chinese', async () => {
  expect(
    await rows(`select attrelid::regclass as view, attname from pg_attribute join pg_class on pg_class.oid = attrelid
      where relnamespace in ('analytics'::regnamespace, 'read_models'::regnamespace) and relkind = 'v' and attnum > 0
        and coalesce(col_description(attrelid, attnum), '') !~ '^[A-Z(0].*[\u4e00-\u9fff]'`),
  ).toEqual([]);
});

test('no word is explained that nobody uses', async () => {
  expect(
    await rows(`select word from words() where word not in (select name from data_dictionary where name is not null)
      and word not in (select attname from pg_attribute join pg_class on pg_class.oid = attrelid
                       where relnamespace = 'read_models'::regnamespace)`),
  ).toEqual([]);
});

test('docs/data-dictionary.md tells what the database has; `npm run dictionary` writes it anew', async () => {
  expect(readFileSync('docs/data-dictionary.md', 'utf8')).toBe(await dataDictionary(pool));
});
