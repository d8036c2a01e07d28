import { DateTime } from 'luxon';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

const SAMPLE = DateTime.fromISO('2026-11-22T14:38:51.123Z', { zone: 'UTC' });
const read = (text: string, format: string, zone: string) =>
  DateTime.fromFormat(text, format, { zone, locale: 'en-US' });

/** How dates are written: Luxon's tokens, as in `yyyy-MM-dd HH:mm:ss`. */
export const dateFormat = z.string().refine((format) => {
  const again = read(SAMPLE.toFormat(format), format, 'UTC');
  return again.isValid && again.hasSame(SAMPLE, 'day');
}, 'expected a date format such as yyyy-MM-dd or dd.MM.yyyy HH:mm');

/** Reads dates in the first of some formats that fits; the same texts come again and again, so answers are kept. */
export class DateReader {
  private readonly known = new LRUCache<string, { readonly moment?: DateTime<true> }>({ max: 5000 });

  constructor(
    private readonly formats: readonly string[],
    private readonly zone: string,
  ) {}

  /** `2026-11-22`, or undefined when no format fits. */
  day(text: string): string | undefined {
    return this.moment(text)?.toISODate();
  }

  /** `2026-11-22T00:00:00.000Z`, or undefined when no format fits. */
  instant(text: string): string | undefined {
    return this.moment(text)?.toUTC().toISO();
  }

  private moment(text: string): DateTime<true> | undefined {
    let found = this.known.get(text);
    if (found === undefined) {
      const moment = this.formats.map((format) => read(text, format, this.zone)).find((one) => one.isValid);
      this.known.set(text, (found = moment === undefined ? {} : { moment }));
    }
    return found.moment;
  }
}
