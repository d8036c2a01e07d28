import type { DataOfShape, Shape } from './field.js';

/** What one event means and carries: read by the codec, the catalogue and the compiler. */
export interface EventSchema<S extends Shape = Shape> {
  /** One sentence that says alone what happened. */
  readonly meaning: string;
  readonly shape: S;
  /** Raised when the meaning of a field changes; older versions get an upcaster. */
  readonly version: number;
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
export const event = <const S extends Shape>(meaning: string, shape: S): EventSchema<S> => ({
  meaning,
  shape,
  version: 1,
});
