const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Whether text is a calendar day that exists, of the years 0001 to 9999: `2026-11-22`. */
export function isDay(text: string): boolean {
  const [, year, month, day] = (DAY.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || year === 0) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/** The same moment in UTC with milliseconds, as events carry it; undefined when there is no such moment or it has no zone. */
export function instantInUtc(text: string): string | undefined {
  const day = INSTANT.exec(text)?.[1];
  if (day === undefined || !isDay(day)) return undefined;
  const inUtc = new Date(text).toISOString();
  // A zone can carry the first and the last day out of the years that a calendar day has.
  return isDay(inUtc.slice(0, 10)) ? inUtc : undefined;
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
