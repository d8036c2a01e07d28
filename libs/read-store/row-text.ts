import type { Column } from '#kernel';

/** Writes a value of one column as Postgres reads it from text; null stays null. */
export type TextOf = (value: Column) => string | null;

/** How values of a column of this type are written. */
export const textOf = (type: string): TextOf => (type.startsWith('json') ? jsonText : plainText);

function plainText(value: Column): string | null {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'object' ? arrayLiteral(value) : String(value);
}

const jsonText = (value: Column): string | null =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : plainText(value);

/** An array as Postgres reads it. */
export function arrayLiteral(items: readonly (string | null)[]): string {
  let text = '';
  for (const item of items) text += text === '' ? arrayItem(item) : `,${arrayItem(item)}`;
  return `{${text}}`;
}

const SPECIAL = /["\\]/;
const ALL_SPECIAL = /["\\]/g;

// Most values hold nothing special, and to look is much cheaper than to replace.
function arrayItem(item: string | null): string {
  if (item === null) return 'NULL';
  return SPECIAL.test(item) ? `"${item.replaceAll(ALL_SPECIAL, '\\$&')}"` : `"${item}"`;
}

const COPY_SPECIAL = /[\\\n\r\t]/;
const ALL_COPY_SPECIAL = /[\\\n\r\t]/g;
const COPY_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value as a field of COPY's text format. */
export function copyField(text: string | null): string {
  if (text === null) return '\\N';
  return COPY_SPECIAL.test(text) ? text.replaceAll(ALL_COPY_SPECIAL, (found) => COPY_ESCAPES[found] ?? found) : text;
}
