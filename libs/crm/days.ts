/** The calendar day (UTC) of a moment. */
export const dayOf = (instant: string): string => instant.slice(0, 10);

/** The calendar day of a moment in a time zone. */
export function localDay(instant: string, zone: string): string {
  const day = days.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  days.set(zone, day);
  return day.format(new Date(instant));
}

/** Making one takes long. */
const days = new Map<string, Intl.DateTimeFormat>();

/** Whole days from one calendar day to another; negative when the other lies before it. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
