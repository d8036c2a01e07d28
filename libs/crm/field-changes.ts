/** One field of a record that gets another value, as events tell it. No `new`: the field has no value any more. */
export interface FieldChange {
  readonly field: string;
  readonly old?: string;
  readonly new?: string;
  readonly personal?: { readonly old?: string; readonly new?: string };
}

/** The values of a record as changes tell them: text, whatever the fields hold. */
export type Texts = Readonly<Record<string, string | undefined>>;

export const asTexts = (fields: object): Texts =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, asText(value)]));

/** The fields of `wanted` that differ from `current`; one not mentioned stays as it is, one that is null loses its value. */
export function changesBetween(current: object, wanted: object, kind: 'personal' | 'clear'): readonly FieldChange[] {
  const before = asTexts(current);
  return Object.entries(wanted)
    .filter(([field, value]) => value !== undefined && asText(value) !== before[field])
    .map(([field, value]) => changeOf(field, before[field], asText(value), kind));
}

/** One field's way from one value to another. */
export const changeOf = (
  field: string,
  from: string | undefined,
  to: string | undefined,
  kind: 'personal' | 'clear',
): FieldChange => (kind === 'personal' ? { field, personal: { old: from, new: to } } : { field, old: from, new: to });

/** What a record holds after changes. */
export const changed = <Fields extends object>(fields: Fields, changes: readonly FieldChange[]): Fields => ({
  ...fields,
  ...newValues(changes),
});

/** The value that a field has after a change. */
export const newValueOf = ({ personal, new: clear }: FieldChange): string | undefined =>
  personal === undefined ? clear : personal.new;

/** The values that fields have after changes. */
export const newValues = (changes: readonly FieldChange[]): Texts =>
  Object.fromEntries(changes.map((change) => [change.field, newValueOf(change)]));

/** One value as text, the same for the same value. */
export const asText = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value, inOrder);
};

const inOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
