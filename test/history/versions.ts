import { aggregates } from '#crm/index';
import type { AnyDecider, EventSchema, Field, Shape } from '#kernel';

/** One version of one event, in which it is or was written. */
export interface Version {
  readonly aggregate: AnyDecider;
  readonly type: string;
  readonly version: number;
  readonly shape: Shape;
}

/** What the fields of a version hold, by their path. */
export type Fields = Readonly<Record<string, string>>;

/** Every version of these aggregates' events that may stand in a store. */
export const versionsOf = (deciders: readonly AnyDecider[]): readonly Version[] =>
  deciders.flatMap((aggregate) =>
    Object.entries(aggregate.events).flatMap(([type, schema]) =>
      withRetired(schema).map(({ version, shape }) => ({ aggregate, type, version, shape })),
    ),
  );

/** Every version of every event of the domain. */
export const allVersions = versionsOf(aggregates.map(({ decider }) => decider));

type Told = Pick<EventSchema, 'version' | 'shape' | 'before'>;

function withRetired(schema: Told): readonly Told[] {
  return [schema, ...(schema.before ? withRetired(schema.before) : [])];
}

/** A shape as text, field by field: `criteria[].evidence` is a `sealed text of lead leadId`. */
export const fieldsOf = (shape: Shape, within = ''): Fields =>
  Object.assign({}, ...Object.entries(shape).map(([name, field]) => told(`${within}${name}`, field))) as Fields;

function told(path: string, field: Field<unknown>): Fields {
  const kind = field.fields ? 'record' : field.item ? 'list' : field.name;
  const subject = field.subject ? ` of ${field.subject.kind} ${field.subject.idField}` : '';
  const own = {
    [path]: `${field.subject && field.fields ? 'sealed ' : ''}${kind}${subject}${field.isOptional ? '?' : ''}`,
  };
  return {
    ...own,
    ...(field.fields && fieldsOf(field.fields, `${path}.`)),
    ...(field.item && told(`${path}[]`, field.item)),
  };
}

/** What was done to fields of which there are stored events: only words may be added to a closed set of them. */
export const broken = (stored: Fields, present: Fields): readonly string[] =>
  Object.entries(stored).flatMap(([path, kind]) => {
    const now = present[path];
    return now !== undefined && keeps(kind, now) ? [] : [`${path}: ${kind} became ${now ?? 'nothing'}`];
  });

function keeps(before: string, now: string): boolean {
  const words = now.split(' | ');
  return before === now || (before.includes(' | ') && before.split(' | ').every((word) => words.includes(word)));
}
