/* Values of JSON as Json.NET, the server's library, writes what it has read. */

/** Strings that are a time to it lose the zeros at their end. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(Z?)$/;

export const textOfName = (name: string): string =>
  JSON.stringify(name.toWellFormed()).replace(/[\x85\u2028\u2029]/g, (sign) => `\\u${hex(sign)}`);

export const textOfString = (value: string): string => textOfName(value.replace(TIME, trimmedTime));

/** Longer integers Json.NET does not take either. */
const MOST_DIGITS = 380;

/** Integers keep all their digits, in whatever base they are given. */
export function textOfNumber(number: string): string {
  if (number.length > MOST_DIGITS) throw new SyntaxError('a number of too many digits');
  if (/^0x/i.test(number)) return integerOf64Bits(number);
  if (/^0\d/.test(number)) return integerOf64Bits(`0o${number}`);
  return /^-?\d+$/.test(number) ? String(BigInt(number)) : textOfDouble(Number(number));
}

export const textOfObject = (members: ReadonlyMap<string, string>): string =>
  `{${[...members].map(([name, value]) => `${textOfName(name)}:${value}`).join(',')}}`;

const hex = (sign: string): string => sign.charCodeAt(0).toString(16).padStart(4, '0');

function trimmedTime(_: string, seconds: string, fraction = '', zone = ''): string {
  const trimmed = fraction.replace(/0+$/, '');
  return seconds + (trimmed === '' ? '' : `.${trimmed}`) + zone;
}

const integerOf64Bits = (literal: string): string => String(BigInt.asIntN(64, BigInt(literal)));

/** The shortest digits that tell a double, with an exponent where they would need many zeros. */
function textOfDouble(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= Math.max(15, digits.replace(/\D/g, '').length))
    return `${digits}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
