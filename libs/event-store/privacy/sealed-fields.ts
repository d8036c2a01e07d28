import type { Field, Shape } from '#kernel';
import type { Sealed } from './seal.js';
import { isSealed, seal, unseal } from './seal.js';

type Keys = ReadonlyMap<string, Buffer>;
type Data = Readonly<Record<string, unknown>>;

/** Adds the subjects whose data an event is about to carry. */
export function addSubjects(shape: Shape, data: object, to: Set<string>): void {
  if (hasSealed(shape)) walk(shape, fieldsIn(data), fieldsIn(data), (_, subject) => void to.add(subject));
}

/** The data as it is stored: plain records, sealed fields under the key of their subject, unset fields left out. */
export function sealFields(shape: Shape, data: object, keys: Keys, eventId: string): Data {
  const fields = fieldsIn(data);
  return walk(shape, fields, fields, (value, subject) => seal(value, subject, keyOf(keys, subject), eventId));
}

const sealedShapes = new WeakMap<Shape, boolean>();

/** Whether anything in a shape is sealed; most events carry nothing personal and need no walk. */
function hasSealed(shape: Shape): boolean {
  const known = sealedShapes.get(shape);
  if (known !== undefined) return known;
  const found = Object.values(shape).some(isSealedWithin);
  sealedShapes.set(shape, found);
  return found;
}

const isSealedWithin = ({ subject, fields, item }: Field<unknown>): boolean =>
  subject !== undefined || (fields !== undefined && hasSealed(fields)) || (item !== undefined && isSealedWithin(item));

/** The subjects named by sealed values in stored data, at any depth. */
export function sealedSubjects(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isSealed(value)) into.add(value.subject);
  else for (const part of Object.values(value)) sealedSubjects(part, into);
}

/** A sealed value that its key does not open: somebody changed it, or it is another key. */
export class CannotUnseal extends Error {
  override readonly name = 'CannotUnseal';

  constructor(
    readonly field: string,
    cause: unknown,
  ) {
    super(`${field} cannot be unsealed`, { cause });
  }
}

/** The data as it was before sealing; where a key was destroyed, the field's erased value. @throws CannotUnseal */
export function unsealFields(shape: Shape, data: Data, keys: Keys, eventId: string, within = ''): Data {
  const open: Record<string, unknown> = {};
  for (const name in data) open[name] = unsealed(shape[name], data[name], keys, eventId, within + name);
  return open;
}

function unsealed(
  field: Field<unknown> | undefined,
  value: unknown,
  keys: Keys,
  eventId: string,
  path: string,
): unknown {
  if (isSealed(value)) {
    const key = keys.get(value.subject);
    return key === undefined ? erased(field, value) : opened(value, key, eventId, path);
  }
  if (field?.item && Array.isArray(value))
    return value.map((entry, index) => unsealed(field.item, entry, keys, eventId, `${path}.${index}`));
  if (field?.fields && isRecord(value)) return unsealFields(field.fields, value, keys, eventId, `${path}.`);
  return value;
}

function opened(value: Sealed, key: Buffer, eventId: string, path: string): unknown {
  try {
    return unseal(value, key, eventId);
  } catch (cause) {
    throw new CannotUnseal(path, cause);
  }
}

/** What is left of a value whose key was destroyed: of a record, the fields that it had. */
function erased(field: Field<unknown> | undefined, { fields }: Sealed): unknown {
  const inside = field?.fields;
  if (inside === undefined || fields === undefined) return field?.erased;
  return Object.fromEntries(fields.map((name) => [name, inside[name]?.erased]));
}

function walk(shape: Shape, root: Data, data: Data, at: (value: unknown, subject: string) => unknown): Data {
  const result: Record<string, unknown> = {};
  for (const name in data) {
    const value = data[name];
    if (value !== undefined) result[name] = step(shape[name], root, value, at);
  }
  return result;
}

function step(
  field: Field<unknown> | undefined,
  root: Data,
  value: unknown,
  at: (value: unknown, subject: string) => unknown,
): unknown {
  if (field?.subject) return at(value, `${field.subject.kind}:${String(root[field.subject.idField])}`);
  if (field?.item && Array.isArray(value)) return value.map((entry) => step(field.item, root, entry, at));
  if (field?.fields && isRecord(value)) return walk(field.fields, root, value, at);
  return value;
}

const fieldsIn = (data: object): Data => (isRecord(data) ? data : {});

/** Whether it has fields with names. */
export const isRecord = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function keyOf(keys: Keys, subject: string): Buffer {
  const key = keys.get(subject);
  if (key === undefined) throw new Error(`no key for ${subject}`);
  return key;
}
