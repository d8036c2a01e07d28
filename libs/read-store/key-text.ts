import type { Column } from '#kernel';
import { UnwritableChange } from './failures.js';

/** Writes one value of a primary key so that equal keys give equal texts. */
export type KeyText = (value: Column) => string;

const texts: Readonly<Record<string, (value: string) => string>> = {
  text: (value) => value,
  'character varying': (value) => value,
  boolean: (value) => value,
  uuid: (value) => value.toLowerCase(),
  date: (value) => value,
  smallint: (value) => String(BigInt(value)),
  integer: (value) => String(BigInt(value)),
  bigint: (value) => String(BigInt(value)),
  'timestamp with time zone': (value) => new Date(value).toISOString(),
};

/** How values of this key column are compared; other types have several spellings of one value and are refused. */
export function keyText(table: string, column: string, type: string): KeyText {
  const text = texts[type];
  if (text === undefined)
    throw new Error(`${table}.${column} is ${type}; a primary key is made of ${Object.keys(texts).join(', ')}`);
  return (value) => {
    if (value === null || typeof value === 'object') throw new UnwritableChange(`Key ${table}.${column} has no value`);
    return text(String(value));
  };
}
