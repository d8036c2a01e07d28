import { TypeOverrides } from 'pg';

const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const NUMERIC = 1700;

/** Whole numbers must come back exactly: money is summed in them. Cast a larger one to text in the query. */
export function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a number exactly; select it as text`);
  return value;
}

const numeric = (text: string) => (/^-?\d+$/.test(text) ? exactInteger(text) : Number(text));
const asText = (text: string) => text;

/** An instant in the form that events use; `infinity` and what JavaScript cannot hold stay as they are. */
function instant(text: string): string {
  const at = new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  return Number.isNaN(at.getTime()) ? text : at.toISOString();
}

/** How columns come back: numbers exact or an error, days and instants as the ISO text of the events. */
export const columnTypes = new TypeOverrides();
columnTypes.setTypeParser(INT8, exactInteger);
columnTypes.setTypeParser(NUMERIC, numeric);
columnTypes.setTypeParser(DATE, asText);
columnTypes.setTypeParser(TIMESTAMP, asText);
columnTypes.setTypeParser(TIMESTAMPTZ, instant);
