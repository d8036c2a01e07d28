/** One field of a record that gets another value, as events tell it. */
export interface FieldChange {
  readonly field: string;
  readonly old?: string;
  readonly new?: string;
  readonly personal?: { readonly old?: string; readonly new?: string };
}

/** The fields of `wanted` that differ from `current`; a field that is not mentioned stays as it is. */
export function changesBetween(current: object, wanted: object, kind: 'personal' | 'clear'): readonly FieldChange[] {
  const before = new Map<string, unknown>(Object.entries(current));
  return Object.entries(wanted)
    .filter(([field, value]) => value !== undefined && value !== before.get(field))
    .map(([field, value]) => {
      const values = { old: asText(before.get(field)), new: asText(value) };
      return kind === 'personal' ? { field, personal: values } : { field, ...values };
    });
}

/** Values stand in changes as text, whatever their field holds. */
const asText = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
