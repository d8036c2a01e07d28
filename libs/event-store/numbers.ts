/** Gives numbers that people call records by, such as `L-20261121-000123`: each to one record, and never again. */
export interface Numbers {
  /** The next of a series, on the local day of this moment. */
  next(series: string, now: string): Promise<string>;
}

/** So many digits at least; a day that needs more has longer numbers. */
const DIGITS = 6;

export const numberAt = (seriesOfDay: string, place: number): string =>
  `${seriesOfDay}-${String(place).padStart(DIGITS, '0')}`;

const GIVEN = /^[A-Z]+-\d{8}-\d{6,}$/;

/** Whether a text looks like a number that is given here, however it is written. */
export const looksGiven = (text: string): boolean => GIVEN.test(text.normalize('NFKC').trim().toUpperCase());

/** The fields of an event that hold numbers given here, for the answer to its command; undefined where there is none. */
export function numbersIn(data: object): Readonly<Record<string, string>> | undefined {
  let numbers: Record<string, string> | undefined;
  for (const field in data) {
    if (!field.endsWith('Number')) continue;
    const value: unknown = Reflect.get(data, field);
    if (typeof value === 'string' && GIVEN.test(value)) numbers = { ...numbers, [field]: value };
  }
  return numbers;
}
