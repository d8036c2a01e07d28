import type { DataOfShape, Shape } from './field.js';

/** What one event means and carries: read by the codec, the catalogue and the compiler. */
export interface EventSchema<S extends Shape = Shape> {
  /** One sentence that says alone what happened. */
  readonly meaning: string;
  readonly shape: S;
  /** Raised when the meaning of a field changes: one more than the version before it. */
  readonly version: number;
  readonly before?: RetiredVersion | undefined;
  /** The field that lists the data subjects whose keys are gone from this event on. */
  readonly erases?: string;
}

/** A version that is read for ever and written no more. */
export interface RetiredVersion<Next extends Shape = Shape> {
  readonly version: number;
  readonly shape: Shape;
  /** Its data in the words of the next version. Pure; a text may be `[erased]`. */
  readonly upcast: (data: never) => DataOfShape<Next>;
  readonly before?: RetiredVersion | undefined;
}

export type EventSchemas = Readonly<Record<string, EventSchema>>;

/** The union of the events that a table of schemas describes. */
export type EventOf<Schemas extends EventSchemas> = {
  readonly [Type in keyof Schemas & string]: {
    readonly type: Type;
    readonly data: DataOfShape<Schemas[Type]['shape']>;
  };
}[keyof Schemas & string];

/** Describes one event; its name is the key it stands under. */
export const event = <const S extends Shape>(
  meaning: string,
  shape: S,
  before?: RetiredVersion<NoInfer<S>>,
): EventSchema<S> => ({ meaning, shape, version: (before?.version ?? 0) + 1, before });

/** An event that tells of the end of keys; the field lists whose. Whoever reads it forgets what the keys opened. */
export const erasing = <S extends Shape>(subjects: keyof S & string, schema: EventSchema<S>): EventSchema<S> => ({
  ...schema,
  erases: subjects,
});

/** A version that the next one replaced: how it looked, and what it says in the words of the next. */
export const retired = <const Old extends Shape, Next extends Shape>(
  shape: Old,
  upcast: (data: DataOfShape<Old>) => DataOfShape<Next>,
  before?: RetiredVersion<NoInfer<Old>>,
): RetiredVersion<Next> => ({ version: (before?.version ?? 0) + 1, shape, upcast, before });

/** How a version of an event looked; undefined when there is no such version. */
export function shapeOf(schema: Pick<EventSchema, 'version' | 'shape' | 'before'>, version: number): Shape | undefined {
  if (version === schema.version) return schema.shape;
  return schema.before && shapeOf(schema.before, version);
}

/** The data of a version of an event in the words of the present one. */
export function upcast(schema: Pick<EventSchema, 'version' | 'before'>, version: number, data: object): object {
  const { before } = schema;
  // The version before takes what fits its shape, which the caller has checked.
  return before === undefined || version === schema.version
    ? data
    : before.upcast(upcast(before, version, data) as never);
}
