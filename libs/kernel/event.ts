/** A fact, named so that it says alone what happened. `data` is plain JSON and never changes once stored. */
export interface Event<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
}

/** The data of one event of a union. */
export type DataOf<E extends Event, Type extends E['type']> = Extract<E, { readonly type: Type }>['data'];
