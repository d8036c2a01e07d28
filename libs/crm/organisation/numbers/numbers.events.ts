import type { EventOf } from '#kernel';
import { event, id, integer } from '#kernel';

/** Stored for ever: add optional fields, never rename or remove. Numbers 编号: what of a series was handed out on one day. */
export const numbersEvents = {
  NumbersTaken: event('Numbers of a series were handed to one process, which gives each to one record or to none.', {
    /** The series and the local day: `L-20261121`. */
    seriesOfDay: id,
    first: integer,
    last: integer,
  }),
};

export type NumbersEvent = EventOf<typeof numbersEvents>;
