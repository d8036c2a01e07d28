import type { Mapping } from './mapping.js';

type NumberStyle = Mapping['numbers'];

/** A decimal number, exactly: `digits` × 10^-`scale`. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Reads a decimal number as text; no float ever comes near it. */
function decimalOf(text: string, { decimal, grouping, ignore }: NumberStyle): Decimal | undefined {
  let plain = text;
  for (const part of ignore) plain = plain.replaceAll(part, '');
  if (grouping !== undefined) plain = plain.replaceAll(grouping, '');
  const [, sign, whole, fraction = ''] =
    /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(decimal === '.' ? plain.trim() : swap(plain.trim(), decimal)) ?? [];
  if (whole === undefined) return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length };
}

/** With another decimal sign than the point, a point is no number. */
const swap = (text: string, decimal: string) => (text.includes('.') ? '' : text.replace(decimal, '.'));

/** A whole number, or what is wrong with the text; `100.0` is whole. */
export const wholeNumber = (text: string, style: NumberStyle): number | string =>
  scaled(decimalOf(text, style), 0, 'expected a whole number');

/** Decimal text in major units as integer minor units, or what is wrong with it. */
export const minorUnits = (text: string, style: NumberStyle, digits: number, times: number): number | string => {
  const decimal = decimalOf(text, style);
  return scaled(
    decimal && { ...decimal, digits: decimal.digits * BigInt(times) },
    digits,
    `expected an amount with at most ${digits} decimal places`,
  );
};

function scaled(decimal: Decimal | undefined, places: number, expected: string): number | string {
  if (decimal === undefined) return expected;
  const numerator = decimal.digits * 10n ** BigInt(places);
  const denominator = 10n ** BigInt(decimal.scale);
  if (numerator % denominator !== 0n) return expected;
  const result = Number(numerator / denominator);
  return Number.isSafeInteger(result) ? result : 'expected a number that is not as large';
}
