import { CallError, Code, handlerFailed } from '../grpc/status.js';
import type { PatternReader } from './pattern-reader.js';

/** What is no regular expression fails as it fails in .NET. */
export const broken = handlerFailed;

/** What is one in .NET, and cannot be said in JavaScript. */
export const unknown = (part: string): CallError =>
  new CallError(Code.INVALID_ARGUMENT, `This node does not know '${part}' in regular expressions.`);

export const AT_START = '(?<![^])';
const AT_END = '(?![^])';
export const BEFORE_LAST_LINE_FEED = '(?=\\n?(?![^]))';

const WORD = '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}';
const IS_WORD = new RegExp(`[${WORD}]`, 'u');
const IN_WORD = `[${WORD}\\u200c\\u200d]`;

/** Escapes that stand for no character of their own. */
export const PLACES: Readonly<Record<string, string>> = {
  A: AT_START,
  G: AT_START,
  z: AT_END,
  Z: BEFORE_LAST_LINE_FEED,
  b: `(?:(?<=${IN_WORD})(?!${IN_WORD})|(?<!${IN_WORD})(?=${IN_WORD}))`,
  B: `(?:(?<=${IN_WORD})(?=${IN_WORD})|(?<!${IN_WORD})(?!${IN_WORD}))`,
};

const KINDS: Readonly<Record<string, string>> = {
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: '[\\t-\\r\\x85\\p{Z}]',
  S: '[^\\t-\\r\\x85\\p{Z}]',
};
const CATEGORY = /^\\[pP]\{(?:C[cfson]?|L[ulmot]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)\}$/;

/** The kind of characters an escape stands for, undefined when it stands for one character. */
export function kindOf(escape: string): string | undefined {
  if (!/^\\[pP]/.test(escape)) return escape.startsWith('\\') ? KINDS[escape.slice(1)] : undefined;
  if (CATEGORY.test(escape)) return escape;
  throw /^\\[pP]\{Is/.test(escape) ? unknown(escape) : broken();
}

const CHARACTER = /\\(?:[pP]\{[^}]*\}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[A-Za-z]|[0-7]{1,3}|[^])|[^\\]/uy;

/** A character, or an escape, wherever it stands. */
export function characterOf(reader: PatternReader): string {
  const [character] = reader.take(CHARACTER) ?? [];
  if (character === undefined) throw broken();
  return character;
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, e: 27 };

/** The character that is meant by itself or by an escape. */
export function codeOf(character: string): number {
  const [, sign] = /^\\(.)/su.exec(character) ?? [];
  if (sign === undefined) return character.codePointAt(0) ?? 0;
  const more = character.slice(2);
  if (/[0-7]/.test(sign)) return parseInt(sign + more, 8) % 256;
  if (more !== '') return sign === 'c' ? more.charCodeAt(0) % 32 : parseInt(more, 16);
  const code = IS_WORD.test(sign) ? CONTROLS[sign] : sign.codePointAt(0);
  if (code === undefined) throw broken();
  return code;
}

/** Characters as they stand in a class, with what differs from them in its case only. */
export function written(from: number, to: number, bothCases: boolean): string {
  const range = from === to ? plain(from) : `${plain(from)}-${plain(to)}`;
  if (!bothCases) return range;
  const isOutside = (code: number) => code < from || code > to;
  const others = inCases().filter(([code, other]) => code >= from && code <= to && isOutside(other));
  return range + others.map(([, other]) => plain(other)).join('');
}

let cases: readonly (readonly [number, number])[] | undefined;

/** Each character that another differs from in its case only, and that other. Made once, when a pattern asks for it. */
const inCases = (): readonly (readonly [number, number])[] =>
  (cases ??= Array.from({ length: 0x10000 }, (_, code) => code).flatMap((code) => {
    const character = String.fromCharCode(code);
    return [character.toLowerCase(), character.toUpperCase()]
      .filter((other) => other !== character && other.length === 1)
      .map((other) => [code, other.charCodeAt(0)] as const);
  }));

/** A character as it stands anywhere. */
export const plain = (code: number): string => `\\u{${code.toString(16)}}`;
