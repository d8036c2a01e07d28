import { broken, characterOf, codeOf, kindOf, written } from './dotnet-escapes.js';
import type { PatternReader } from './pattern-reader.js';

/** `[…]`, from behind its bracket on; `-[…]` at its end takes characters away. */
export function classOf(reader: PatternReader, bothCases: boolean): string {
  const open = reader.take(/\^/y) ? '[^' : '[';
  let items = '';
  do {
    if (items !== '' && reader.take(/-\[/y)) {
      const less = classOf(reader, bothCases);
      if (!reader.take(/\]/y)) throw broken();
      return `[${open}${items}]--${less}]`;
    }
    items += itemOf(reader, bothCases);
  } while (!reader.take(/\]/y));
  return `${open}${items}]`;
}

/** A kind of characters, a character, or a range. */
function itemOf(reader: PatternReader, bothCases: boolean): string {
  const from = characterOf(reader);
  const kind = kindOf(from);
  if (kind !== undefined) return kind;
  const first = codeOf(from);
  if (!reader.take(/-(?![\][])/y)) return written(first, first, bothCases);
  const to = characterOf(reader);
  if (kindOf(to) !== undefined || codeOf(to) < first) throw broken();
  return written(first, codeOf(to), bothCases);
}
