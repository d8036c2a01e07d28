const known: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether there is, or was, a currency of this ISO 4217 code. */
export const isCurrency = (code: string): boolean => known.has(code);

const digitsByCurrency = new Map<string, number>();

/** How many decimal places the minor unit of a currency has: 2 for CNY, 0 for JPY. */
export function currencyDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
    }).resolvedOptions();
    digitsByCurrency.set(currency, (digits = maximumFractionDigits));
  }
  return digits;
}
