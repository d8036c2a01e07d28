import { CallError, Code } from '../grpc/status.js';
import { classOf } from './dotnet-class.js';
import {
  AT_START,
  BEFORE_LAST_LINE_FEED,
  broken,
  characterOf,
  codeOf,
  kindOf,
  plain,
  PLACES,
  unknown,
  written,
} from './dotnet-escapes.js';
import { PatternReader } from './pattern-reader.js';

/** Whoever sends more would have the node work for seconds, for nothing that a filter needs. */
const LONGEST = 4_000;

/** A regular expression of .NET as one of JavaScript. */
export function regexOfDotNet(pattern: string): RegExp {
  if (pattern.length > LONGEST) throw tooLong();
  try {
    return new RegExp(new Translation(pattern).source(), 'v');
  } catch (error) {
    throw error instanceof CallError ? error : broken();
  }
}

const tooLong = (): CallError =>
  new CallError(Code.INVALID_ARGUMENT, `This node knows regular expressions of up to ${LONGEST} characters.`);

const COMMENT = /\(\?#[^)]*\)/y;
const OPTIONS = /\?([imnsx]*)(?:-([imnsx]*))?([:)])/iy;
const NAMED = /\?(?:<(?![=!])([^>]*)>|'([^']*)')/y;
const CONDITION = /\?\(/y;
const KIND = /(?:\?(?:>|<?[=!]))?(?!\?)/y;
const LOOKS_BEHIND = /^\(\?<[=!]/;
const QUANTIFIER = /[*+?]|\{\d+(?:,\d*)?\}/y;
const REFERENCE = /\\(?:k(?:<([\p{L}\p{Nd}_]+)>|'([\p{L}\p{Nd}_]+)')|[1-9]\d*)/uy;
const IGNORED = /\s+|#[^\n]*/y;

/** A group that is open: how it ends, and what is switched on in it. */
interface Scope {
  readonly open: string;
  readonly close: string;
  options: string;
}

class Translation {
  private readonly reader: PatternReader;
  private readonly scopes: Scope[] = [];
  private scope: Scope = { open: '', close: '', options: '' };
  private readonly names = new Set<string>();
  private hasNumbers = false;

  constructor(pattern: string) {
    this.reader = new PatternReader(pattern);
  }

  source(): string {
    let source = '';
    while (!this.reader.isAtEnd) source += this.next();
    if (this.scopes.length > 0) throw broken();
    // .NET gives numbers to groups with names as well, behind all others.
    if (this.hasNumbers && this.names.size > 0) throw unknown('\\1');
    return source;
  }

  private next(): string {
    if (this.reader.take(COMMENT) || (this.has('x') && this.reader.take(IGNORED))) return '';
    const quantifier = this.reader.take(QUANTIFIER);
    if (quantifier) return quantifier[0];
    const reference = this.reader.take(REFERENCE);
    if (reference) return this.reference(reference);
    const character = characterOf(this.reader);
    switch (character) {
      case '(':
        return this.group();
      case ')':
        return this.close();
      case '[':
        return classOf(this.reader, this.has('i'));
      case '|':
        return '|';
      case '.':
        return this.has('s') ? '[^]' : '[^\\n]';
      case '^':
        return this.has('m') ? '(?<![^\\n])' : AT_START;
      case '$':
        return this.has('m') ? '(?![^\\n])' : BEFORE_LAST_LINE_FEED;
    }
    const place = character.startsWith('\\') ? PLACES[character.slice(1)] : undefined;
    return place ?? kindOf(character) ?? this.literal(codeOf(character));
  }

  private group(): string {
    const switches = this.reader.take(OPTIONS);
    if (switches) return this.switch(switches);
    const named = this.reader.take(NAMED);
    if (named) return this.named(named);
    const [kind] = this.reader.take(KIND) ?? [];
    if (kind === undefined) throw this.reader.take(CONDITION) ? unknown('(?(') : broken();
    if (kind === '?>') return this.atomic();
    return this.enter(kind === '' && this.has('n') ? '(?:' : `(${kind}`);
  }

  private named([all = '', angled, quoted]: readonly (string | undefined)[]): string {
    const name = angled ?? quoted ?? '';
    if (!/^[\p{L}\p{Nd}_-]+$/u.test(name)) throw broken();
    if (!/^[\p{L}_][^-]*$/u.test(name) || this.names.has(name)) throw unknown(`(${all}`);
    this.names.add(name);
    return this.enter(`(?<${name}>`);
  }

  /** `(?i)` up to the end of the group it stands in, `(?i:…)` for itself. */
  private switch([, on = '', off = '', end]: readonly string[]): string {
    const letters = new Set(this.scope.options + on.toLowerCase());
    const options = [...letters].filter((letter) => !off.toLowerCase().includes(letter)).join('');
    if (end === ':') return this.enter('(?:', ')', options);
    this.scope.options = options;
    return '';
  }

  /** What was found for it is not looked for otherwise: found ahead, and then taken as it is. */
  private atomic(): string {
    if ([...this.scopes, this.scope].some(({ open }) => LOOKS_BEHIND.test(open))) throw unknown('(?>');
    const name = `__atomic${this.names.size}`;
    this.names.add(name);
    return this.enter(`(?:(?=(?<${name}>`, `))\\k<${name}>)`);
  }

  private enter(open: string, close = ')', options = this.scope.options): string {
    this.scopes.push(this.scope);
    this.scope = { open, close, options };
    return open;
  }

  private close(): string {
    const { close } = this.scope;
    const outer = this.scopes.pop();
    if (!outer) throw broken();
    this.scope = outer;
    return close;
  }

  private reference([all = '', angled, quoted]: readonly (string | undefined)[]): string {
    if (this.has('i')) throw unknown(all);
    const name = angled ?? quoted;
    this.hasNumbers ||= name === undefined;
    return name === undefined ? `(?:${all})` : `\\k<${name}>`;
  }

  private literal(code: number): string {
    return this.has('i') ? `[${written(code, code, true)}]` : plain(code);
  }

  private has(option: string): boolean {
    return this.scope.options.includes(option);
  }
}
