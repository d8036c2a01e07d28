import type { Expression } from './expression.js';
import type { Records } from './mapping.js';

interface Found {
  readonly expression: Expression;
  readonly path: readonly (string | number)[];
}

/** All expressions of a group of records, the nested ones too, and where they stand. */
export function* expressionsOf(records: Records): Generator<Found> {
  if (records.occurredAt) yield* within(records.occurredAt, ['occurredAt']);
  for (const [index, { to, fields, occurredAt, reason }] of records.commands.entries()) {
    const path = ['commands', index];
    if ('id' in to) yield { expression: to.id, path: [...path, 'to', to.field] };
    for (const [name, field] of Object.entries(fields)) yield* within(field, [...path, 'fields', name]);
    if (occurredAt) yield* within(occurredAt, [...path, 'occurredAt']);
    if (reason) yield* within(reason.code, [...path, 'reason', 'code']);
    if (reason?.text) yield* within(reason.text, [...path, 'reason', 'text']);
  }
}

/** The entities whose records a group of records refers to. */
export const entitiesReferredTo = (records: Records): ReadonlySet<string> =>
  new Set([...expressionsOf(records)].flatMap(({ expression: one }) => (one.kind === 'ref' ? [one.entity] : [])));

function* within(expression: Expression, path: readonly (string | number)[]): Generator<Found> {
  yield { expression, path };
  if (expression.kind === 'record')
    for (const [name, field] of Object.entries(expression.fields)) yield* within(field, [...path, name]);
  const items = expression.kind === 'list' ? expression.items : expression.kind === 'first' ? expression.of : [];
  for (const [index, item] of items.entries()) yield* within(item, [...path, index]);
}
