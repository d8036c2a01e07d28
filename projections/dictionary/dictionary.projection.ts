import { escapeLiteral } from 'pg';
import { parse } from 'yaml';
import { z } from 'zod';
import type { AnyProjection } from '#kernel';
import { sqlFile } from '#read-store';

const Words = z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.string().regex(/^\S.* · .*\p{Script=Han}.*$/u));

/** What the columns and parameters mean, in English and Chinese. */
const words = Object.entries(Words.parse(parse(sqlFile(import.meta.url, './words.yaml'))));

const values = words.map(([word, meaning]) => {
  const [english = '', chinese = ''] = meaning.split(' · ');
  return `(${escapeLiteral(word)}, ${escapeLiteral(`${english}. ${chinese}。`)})`;
});

/** The words of the analysts' surface, and a view that explains all of it; stands last, since it explains the others. Holds no rows. */
export const dictionary: AnyProjection = {
  name: 'dictionary',
  schema: '',
  analytics: sqlFile(import.meta.url, './analytics.sql').replace(
    '{{words}}',
    () => `values\n    ${values.join(',\n    ')}`,
  ),
  on: {},
};
