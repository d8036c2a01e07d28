import { expect, test } from '@jest/globals';
import { aggregates } from '#crm/index';
import type { AnyProjection, Column, Field, PersonalColumns, RecordedEvent, RowChange, Shape } from '#kernel';
import { changesOf, ERASED } from '#kernel';
import { projectionsIn } from '#projections';
import { interestOf } from '#read-store';
import { fc } from './draws.js';
import { NOW, recorded } from './spec.js';

/** Text of which everybody can tell whose it is: sealed fields of made-up events hold nothing else. */
const personalText = (subject: string) => `〔${subject}〕`;
const subjectsIn = (text: string): readonly string[] =>
  [...text.matchAll(/〔(.+?)〕/g)].map(([, subject = '']) => subject);

/** The names of all fields that any event tells of: what a change may say has changed. */
const fieldNames = new Set<string>();
const collect = (shape: Shape): void => {
  for (const [name, field] of Object.entries(shape)) {
    fieldNames.add(name);
    collect({ ...field.fields, ...field.item?.fields });
  }
};
for (const { decider } of aggregates) for (const { shape } of Object.values(decider.events)) collect(shape);

/** Any data of this shape; ids tell which field they stand in. */
const dataOf = (shape: Shape): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc.record(Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, valueOf(name, field)])), {
    requiredKeys: Object.keys(shape).filter((name) => !shape[name]?.isOptional),
  });

function valueOf(name: string, field: Field<unknown>, subject = field.subject): fc.Arbitrary<unknown> {
  if (field.fields) return dataOf(sealedWith(field.fields, subject));
  if (field.item) return fc.array(valueOf(name, field.item), { minLength: 1, maxLength: 3 });
  if (subject) return fc.constant(personalText(`${subject.kind}:${subject.idField}`));
  const kind = field.name;
  if (name === 'field') return fc.constantFrom(...fieldNames);
  if (kind.includes(' | ')) return fc.constantFrom(...kind.split(' | '));
  return simple[kind] ?? fc.constant(name);
}

/** In a sealed record everything is sealed. */
const sealedWith = (shape: Shape, subject: Field<unknown>['subject']): Shape =>
  subject === undefined
    ? shape
    : Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, { ...field, subject }]));

const simple: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  integer: fc.integer({ min: 1, max: 9 }),
  ratio: fc.constant(0.5),
  flag: fc.boolean(),
  instant: fc.constant(NOW),
  date: fc.constant(NOW.slice(0, 10)),
  currency: fc.constant('CNY'),
};

/** An event of this type with everything personal that an event can carry. */
const eventOf = (aggregate: string, type: string, shape: Shape): fc.Arbitrary<RecordedEvent> =>
  dataOf(shape).map((data) => {
    const streamId = `${aggregate}Id`;
    return recorded({ type, data }, 0, {
      stream: `${aggregate}-${streamId}`,
      streamId,
      actor: { id: 'actorId', kind: 'human', displayName: personalText('actor:actorId') },
      reason: { code: 'other', text: personalText(`${aggregate}:${streamId}`) },
    });
  });

/** The event as it is read when the keys of these subjects are gone. */
const without = <T>(subjects: ReadonlySet<string>, told: T): T =>
  mapTexts(told, (text) => (subjectsIn(text).some((subject) => subjects.has(subject)) ? ERASED : text)) as T;

function mapTexts(value: unknown, by: (text: string) => string): unknown {
  if (typeof value === 'string') return by(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapTexts(entry, by)]));
}

/** Everybody of whom an event tells. */
function subjectsOf(event: RecordedEvent): readonly string[] {
  const found = new Set<string>();
  mapTexts(event, (text) => {
    for (const subject of subjectsIn(text)) found.add(subject);
    return text;
  });
  return [...found];
}

type Values = Readonly<Record<string, Column>>;
function valuesIn(change: RowChange): Values {
  if (change.kind === 'insert') return change.row;
  return change.kind === 'patch' ? change.set : {};
}

/** The changes as the runner erases the rows that they make. */
const erasedBy = (personal: readonly PersonalColumns[], subjects: ReadonlySet<string>, changes: readonly RowChange[]) =>
  changes.map((change) => {
    const values: Record<string, Column> = { ...valuesIn(change) };
    const row = { ...change.key, ...values };
    for (const { table, columns, kind, idColumn, where } of personal)
      if (table === change.table && subjects.has(`${kind}:${String(row[idColumn])}`) && (!where || row[where] === true))
        for (const column of columns) if (typeof values[column] === 'string') values[column] = ERASED;
    return { table: change.table, key: change.key, values };
  });

const projections = projectionsIn('UTC');
const cases = projections.flatMap((projection) =>
  aggregates.flatMap(({ decider }) =>
    Object.entries(decider.events)
      .filter(([type]) => type in projection.on)
      .map(([type, { shape }]) => ({ projection, type, events: eventOf(decider.name, type, shape) })),
  ),
);

test.each(cases.map((one) => [one.projection.name, one.type, one] as const))(
  '%s, erased in place, has of %s what a rebuild without the keys has',
  (_, __, { projection, events }) => {
    fc.assert(
      fc.property(events, fc.func(fc.boolean()), (event, isErased) => {
        const subjects = new Set(subjectsOf(event).filter((subject) => isErased(subject)));
        const rebuilt = erasedBy([], subjects, changesOf(projection, without(subjects, event)));
        expect(erasedBy(projection.personal ?? [], subjects, changesOf(projection, event))).toEqual(rebuilt);
      }),
    );
  },
);

test('what the reader of the log leaves sealed reaches no row', () => {
  for (const projection of projections) {
    const { personal } = interestOf([projection]);
    for (const { type, events } of cases.filter((one) => one.projection === projection && !personal.has(one.type)))
      fc.assert(
        fc.property(events, (event) => {
          const sealed = without(new Set(subjectsOf(event)), event);
          expect({ type, rows: changesOf(projection, sealed) }).toEqual({ type, rows: changesOf(projection, event) });
        }),
      );
  }
});

test('no column is called personal that never is', () => {
  for (const projection of projectionsIn('UTC')) {
    const reached = new Set(samplesOf(projection).flatMap((change) => personalIn(change)));
    const declared = (projection.personal ?? []).flatMap(({ table, columns, kind }) =>
      columns.map((column) => `${table}.${column} of ${kind}`),
    );
    expect({ of: projection.name, columns: [...reached].sort() }).toEqual({
      of: projection.name,
      columns: declared.sort(),
    });
  }
});

const samplesOf = (projection: AnyProjection): readonly RowChange[] =>
  cases
    .filter((one) => one.projection.name === projection.name)
    .flatMap(({ events }) => fc.sample(events, { numRuns: 100, seed: 1 }))
    .flatMap((event) => changesOf(projection, event));

const personalIn = (change: RowChange): readonly string[] =>
  Object.entries(valuesIn(change)).flatMap(([column, value]) =>
    subjectsIn(String(value)).map((subject) => `${change.table}.${column} of ${subject.split(':')[0] ?? ''}`),
  );
