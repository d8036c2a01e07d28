/** A member of a JSON object, its value as it stands in the text: numbers keep every digit and their way of writing. */
export interface JsonMember {
  readonly name: string;
  readonly value: string;
}

const NAME = /\s*("(?:[^"\\]|\\.)*")\s*:\s*/y;
const PIECE = /"(?:[^"\\]|\\.)*"|[{}[\],]|[^"{}[\],]+/y;

/** The members of the object a text is, in their order; undefined when it is anything else. */
export function jsonMembers(text: string): JsonMember[] | undefined {
  if (!isObjectText(text)) return undefined;
  const members: JsonMember[] = [];
  let at = text.indexOf('{') + 1;
  for (;;) {
    NAME.lastIndex = at;
    const [, name] = NAME.exec(text) ?? [];
    if (name === undefined) return members;
    const end = endOfValue(text, NAME.lastIndex);
    members.push({ name: String(JSON.parse(name)), value: text.slice(NAME.lastIndex, end).trim() });
    at = end + 1;
  }
}

export const isInteger = (value: string): boolean => /^-?\d+$/.test(value);

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Where the comma or brace lies that ends a value. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (PIECE.lastIndex = start; ;) {
    const at = PIECE.lastIndex;
    const piece = PIECE.exec(text)?.[0];
    if (piece === undefined || (depth === 0 && (piece === ',' || piece === '}'))) return at;
    if (piece === '{' || piece === '[') depth++;
    else if (piece === '}' || piece === ']') depth--;
  }
}
