import { isObject } from './json.js';

/** One way in which what came is not what was recorded. */
export interface Difference {
  readonly at: string;
  readonly recorded: unknown;
  readonly now: unknown;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const POSITION = /^@@(\d+)$/;
const NOTHING = '(nothing)';

/**
 * The symbols of one case and what they stand for in this run. Outcomes are given with positions as `@@number`. A
 * symbol stands for one value throughout, and no other symbol for the same.
 */
export class Symbols {
  private readonly values = new Map<string, string>();

  /** The position or id a symbol stands for, if it has come up. */
  valueOf(symbol: string): string | undefined {
    return this.values.get(symbol);
  }

  compare(recorded: unknown, now: unknown, at: string): Difference[] {
    if (typeof recorded === 'string') return this.matches(recorded, now) ? [] : [{ at, recorded, now: now ?? NOTHING }];
    if (Array.isArray(recorded) && Array.isArray(now)) {
      const length = Math.max(recorded.length, now.length);
      return Array.from({ length }, (_, index) => index).flatMap((index) =>
        this.compare(recorded[index], now[index], `${at}[${index}]`),
      );
    }
    if (isObject(recorded) && isObject(now)) {
      const keys = new Set([...Object.keys(recorded), ...Object.keys(now)]);
      return [...keys].flatMap((key) => this.compare(recorded[key], now[key], `${at}.${key}`));
    }
    return recorded === now ? [] : [{ at, recorded: recorded ?? NOTHING, now: now ?? NOTHING }];
  }

  /** The positions of a case must lie in the log in the order it gives. */
  compareOrder(order: readonly string[] | 'as numbered'): Difference[] {
    const symbols =
      order === 'as numbered' ? this.positionsByNumber() : order.filter((symbol) => this.values.has(symbol));
    const sorted = symbols.toSorted((a, b) => (this.positionOf(a) < this.positionOf(b) ? -1 : 1));
    const [recorded, now] = [symbols.join(' < '), sorted.join(' < ')];
    return recorded === now ? [] : [{ at: 'order', recorded, now }];
  }

  private matches(recorded: string, now: unknown): boolean {
    if (recorded === '@any') return now !== undefined;
    if (recorded === '@port') return typeof now === 'number';
    if (typeof now !== 'string') return false;
    if (recorded === '@date') return now === '@date' || /^-?\d+$/.test(now);
    if (/^@p\d+$/.test(recorded)) return this.bind(recorded, POSITION.exec(now)?.[1]);
    if (/@uuid\d+/.test(recorded)) return this.matchIds(recorded, now);
    if (recorded.startsWith('~')) return new RegExp(recorded.slice(1), 's').test(now);
    return recorded === now;
  }

  private matchIds(recorded: string, now: string): boolean {
    const symbols = recorded.match(/@uuid\d+/g) ?? [];
    const pattern = recorded.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/@uuid\d+/g, `(${UUID})`);
    const found = new RegExp(`^${pattern}$`, 'is').exec(now);
    return found !== null && symbols.every((symbol, index) => this.bind(symbol, found[index + 1]?.toLowerCase()));
  }

  private bind(symbol: string, value: string | undefined): boolean {
    if (value === undefined) return false;
    const known = this.values.get(symbol);
    if (known !== undefined) return known === value;
    if ([...this.values.values()].includes(value)) return false;
    this.values.set(symbol, value);
    return true;
  }

  private positionsByNumber(): string[] {
    const number = (symbol: string): number => Number(symbol.slice(2));
    return [...this.values.keys()]
      .filter((symbol) => symbol.startsWith('@p'))
      .toSorted((a, b) => number(a) - number(b));
  }

  private positionOf(symbol: string): bigint {
    return BigInt(this.values.get(symbol) ?? 0);
  }
}

/** In lists, `@p3…@p9` stands for all from the one to the other. */
export function unfold(value: unknown): unknown {
  if (Array.isArray(value)) return value.flatMap((item) => spanOf(item) ?? [unfold(item)]);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unfold(item)])) : value;
}

function spanOf(item: unknown): string[] | undefined {
  const [, from, to] = (typeof item === 'string' && /^@p(\d+)…@p(\d+)$/.exec(item)) || [];
  if (from === undefined || to === undefined) return undefined;
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `@p${Number(from) + index}`);
}
