/** JSON of a shape that only the case at hand knows. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value of unknown make as plain JSON: what JSON cannot hold is left out. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (!isObject(value)) return null;
  return mapObject(value, toJson);
}

/** The object with each value replaced; those that become undefined are left out. */
export function mapObject<T>(
  object: Readonly<Record<string, unknown>>,
  change: (value: unknown, key: string) => T | undefined,
): Record<string, T> {
  const result: Record<string, T> = {};
  for (const [key, value] of Object.entries(object)) {
    const changed = value === undefined ? undefined : change(value, key);
    if (changed !== undefined) result[key] = changed;
  }
  return result;
}

export const text = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);
export const number = (value: unknown, otherwise = 0): number => (typeof value === 'number' ? value : otherwise);
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const object = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});
