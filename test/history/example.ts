import { createHash } from 'node:crypto';
import type { Envelope, Field, Shape } from '#kernel';

/** An envelope with everything that one can carry. */
export const ENVELOPE: Omit<Envelope, 'schemaVersion'> = {
  occurredAt: '2026-11-22T08:00:00.000Z',
  recordedAt: '2026-11-22T08:00:01.000Z',
  actor: { id: idNamed('actor'), kind: 'human', displayName: '王芳' },
  onBehalfOf: idNamed('onBehalfOf'),
  reason: { code: 'asked', text: '李雷打来电话' },
  commandId: idNamed('command'),
  commandHash: 'q83vEjRWeJA',
  correlationId: idNamed('correlation'),
  causationId: idNamed('causation'),
  orgAtEvent: {
    ownerId: idNamed('owner'),
    unitId: idNamed('unit'),
    managerPath: [idNamed('manager'), idNamed('head')],
  },
};

/** Data with every field of a shape set; ids follow from their field's name, so that events tell of one aggregate. */
export const dataFor = (shape: Shape): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, valueFor(name, field)]));

function valueFor(name: string, field: Field<unknown>): unknown {
  if (field.fields) return dataFor(field.fields);
  if (field.item) return [valueFor(name, field.item)];
  const candidates = [
    field.name === 'code' ? name : idNamed(name),
    `${name} 李雷`,
    numbers[name] ?? 2,
    0.25,
    true,
    'CNY',
    '2026-12-24',
  ];
  return [...candidates, ENVELOPE.occurredAt, ...field.name.split(' | ')].find((value) => fits(field, value));
}

/** Texts hold more than an id, so that they are told apart; everything else is what fits first. */
const fits = (field: Field<unknown>, value: unknown): boolean =>
  field.problem(value) === undefined && (field.erased === undefined || String(value).includes('李雷'));

/** An event ends the second visit and begins the third: the lead was captured and taken before. */
const numbers: Readonly<Record<string, number>> = { ends: 2, begins: 3 };

function idNamed(name: string): string {
  const digits = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `00000000-0000-4000-8000-${digits}`;
}
