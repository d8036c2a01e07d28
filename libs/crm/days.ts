/** The calendar day (UTC) of a moment. */
export const dayOf = (instant: string): string => instant.slice(0, 10);

/** Whole days from one calendar day to another; negative when the other lies before it. */
export const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
