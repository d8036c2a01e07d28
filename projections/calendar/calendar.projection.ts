import type { AnyProjection } from '#kernel';
import { sqlFile } from '#read-store';

/** Days and periods in the reporting zone, ratios and medians: what all analytics are written with. Holds no rows. */
export const calendar = (reportingZone: string): AnyProjection => ({
  name: 'calendar',
  schema: '',
  analytics: sqlFile(import.meta.url, './analytics.sql').replace('{{reporting zone}}', checked(reportingZone)),
  on: {},
});

/** The zone becomes part of a function's body, so only a name that exists may pass; offsets mean the reverse in Postgres. */
function checked(zone: string): string {
  if (/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone) && isTimeZone(zone)) return zone;
  throw new Error(`The reporting zone ${zone} is not the name of a time zone such as UTC or Asia/Shanghai`);
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
