import { IsOptional } from 'class-validator';

const clearable = new WeakMap<object, Set<unknown>>();

/** A field that may be absent, and that loses its value where it is null; in all other fields null means absent. */
export const Clearable = (): PropertyDecorator => (target, key) => {
  IsOptional()(target, key);
  clearable.set(target.constructor, new Set(clearable.get(target.constructor)).add(key));
};

/** Whether a field of a class, may be cleared. */
export const isClearable = (type: object, key: string): boolean => clearable.get(type)?.has(key) === true;

/** A new command, or a part of one, without the nulls that only mean absent. */
export function withoutNulls<T extends object>(part: T): T {
  const kept = Array.isArray(part) ? undefined : clearable.get(part.constructor);
  for (const key in part) {
    const value: unknown = part[key];
    if (typeof value === 'object' && value !== null) withoutNulls(value);
    else if (value === null && !Array.isArray(part) && kept?.has(key) !== true) Reflect.set(part, key, undefined);
  }
  return part;
}
