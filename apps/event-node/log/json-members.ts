import { textOfNumber, textOfObject, textOfString } from './json-text.js';

/** A member of a JSON object, its value as Json.NET writes it again. */
export interface JsonMember {
  readonly name: string;
  readonly value: string;
}

export interface JsonObject {
  readonly members: readonly JsonMember[];
  /** Whether comments stand beside its members. */
  readonly isCommented: boolean;
  /** Whether nothing but comments comes behind it. */
  readonly isAll: boolean;
}

/** The object a text begins with, read as Json.NET does, which takes more than JSON; undefined when there is none. */
export function jsonObject(text: string): JsonObject | undefined {
  const reader = new JsonReader(text);
  try {
    const members = reader.members();
    const { isCommented } = reader;
    return { members, isCommented, isAll: reader.comesToAnEnd() };
  } catch {
    return undefined;
  }
}

export const isInteger = (value: string): boolean => /^-?\d+$/.test(value);

const DEEPEST = 64;
const GAP = /(?:[^\S\ufeff]|[\x85\0])+/y;
const COMMENT = /\/\*[^]*?\*\/|\/\/[^\r\n]*/y;
const STRING = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y;
const NAME = /[\p{L}\p{Nd}_$]+/uy;
const COLON = /[\s\x85\0]*:/y;
const WORD = /true|false|null|undefined/y;
const NO_NUMBER = /NaN|-?Infinity/y;
const NUMBER = /0x[\da-f]{1,16}|0[0-7]+|(?!0[\dx])-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;

/** Throws at what Json.NET does not take either, and at its constructors. */
class JsonReader {
  isCommented = false;
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  members(): JsonMember[] {
    return this.list('{', '}', () => {
      const quoted = this.take(STRING);
      const name = quoted === undefined ? this.take(NAME) : unquoted(quoted);
      if (name === undefined || this.take(COLON) === undefined) throw new SyntaxError('a name and a colon are missing');
      return { name, value: this.value() };
    });
  }

  comesToAnEnd(): boolean {
    this.skip();
    return this.at === this.text.length;
  }

  private value(): string {
    this.skip();
    switch (this.text[this.at]) {
      case '{':
        return textOfObject(new Map(this.members().map(({ name, value }) => [name, value])));
      case '[':
        return `[${this.list('[', ']', () => this.value()).join(',')}]`;
      case ',':
        return 'undefined';
    }
    const quoted = this.take(STRING);
    if (quoted !== undefined) return textOfString(unquoted(quoted));
    const noNumber = this.take(NO_NUMBER);
    if (noNumber !== undefined) return `"${noNumber}"`;
    const number = this.take(NUMBER);
    const value = number === undefined ? this.take(WORD) : textOfNumber(number);
    if (value === undefined) throw new SyntaxError('a value is missing');
    return value;
  }

  /** Items between brackets; a comma may stand behind the last one. */
  private list<Item>(open: string, close: string, item: () => Item): Item[] {
    const items: Item[] = [];
    if (!this.takeSign(open) || ++this.depth > DEEPEST) throw new SyntaxError(`${open} is missing, or one too many`);
    while (!this.takeSign(close)) {
      items.push(item());
      if (!this.takeSign(',') && this.text[this.at] !== close) throw new SyntaxError(`${close} is missing`);
    }
    this.depth--;
    return items;
  }

  private takeSign(sign: string): boolean {
    this.skip();
    if (this.text[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  private skip(): void {
    for (;;) {
      this.take(GAP);
      if (this.take(COMMENT) === undefined) return;
      this.isCommented ||= this.depth <= 1;
    }
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' };

function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(?:u([\da-fA-F]{4})|([^]))/g, (_, code: string | undefined, sign: string) => {
    if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
    const meant = /["'\\/]/.test(sign) ? sign : ESCAPES[sign];
    if (meant === undefined) throw new SyntaxError('an escape that is none');
    return meant;
  });
}
