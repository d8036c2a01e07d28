/**
 * Whether text can be written and read back unchanged everywhere: Postgres keeps no NUL, and UTF-8 no half of a
 * surrogate pair. Anything else would be appended and then never be projected.
 */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** What is wrong with text that is not storable. */
export const NOT_STORABLE = 'must not contain NUL or half a surrogate pair';

/** Where in a value, its keys included, text stands that cannot be stored; undefined when nowhere. */
export function unstorablePlace(value: unknown): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : '';
  if (!hasParts(value)) return undefined;
  for (const key in value) {
    const place = isStorable(key) ? unstorablePlace(value[key]) : '';
    if (place !== undefined) return place === '' ? key : `${key}.${place}`;
  }
  return undefined;
}

const hasParts = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
