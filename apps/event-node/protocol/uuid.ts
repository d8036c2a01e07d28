import { MessageReader, type MessageWriter, tagOf } from '#protobuf';

/** An identifier a request gave in a form that is none; the text is what .NET says. */
export class BadIdentifier extends Error {}

export const ZERO_ID = '00000000-0000-0000-0000-000000000000';

const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const WRONG_LENGTH = 'Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).';

/** Canonical lower-case form of any text .NET takes for a Guid, told apart and refused in its words and order. */
export function canonicalId(text: string): string {
  if (HYPHENATED.test(text)) return text;
  const trimmed = text.trim().toLowerCase();
  if (trimmed.length < 32) throw new BadIdentifier('Unrecognized Guid format.');
  const digits = digitsOf(trimmed);
  if (!/^[0-9a-f]{32}$/.test(digits))
    throw new BadIdentifier('Guid string should only contain hexadecimal characters.');
  return hyphenated(digits);
}

function digitsOf(text: string): string {
  if (text.startsWith('(')) return wrappedDigits(text, ')');
  if (text.startsWith('{')) return text[9] === '-' ? wrappedDigits(text, '}') : hexadecimalDigits(text);
  if (text[8] === '-') return dashedDigits(text);
  if (text.length !== 32) throw new BadIdentifier(WRONG_LENGTH);
  return text;
}

function wrappedDigits(text: string, end: string): string {
  if (text.length !== 38 || !text.endsWith(end)) throw new BadIdentifier(WRONG_LENGTH);
  return dashedDigits(text.slice(1, -1));
}

function dashedDigits(text: string): string {
  if (text.length !== 36) throw new BadIdentifier(WRONG_LENGTH);
  if ([8, 13, 18, 23].some((at) => text[at] !== '-'))
    throw new BadIdentifier('Dashes are in the wrong position for GUID parsing.');
  return text.slice(0, 8) + text.slice(9, 13) + text.slice(14, 18) + text.slice(19, 23) + text.slice(24);
}

/** `{0xdddddddd,0xdddd,0xdddd,{0xdd,0xdd,0xdd,0xdd,0xdd,0xdd,0xdd,0xdd}}`, with blanks anywhere and fewer digits. */
function hexadecimalDigits(text: string): string {
  const bare = text.replace(/\s/g, '');
  if (!bare.startsWith('0x', 1)) throw new BadIdentifier('Expected 0x prefix.');
  const numbers = HEXADECIMAL.exec(bare);
  if (!numbers)
    throw new BadIdentifier(
      "Could not find a comma, or the length between the previous token and the comma was zero (i.e., '0x,'etc.).",
    );
  return numbers
    .slice(1)
    .map((digits, index) => digits.padStart([8, 4, 4][index] ?? 2, '0'))
    .join('');
}

const HEXADECIMAL = new RegExp(
  `^\\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,4}),0x([0-9a-f]{1,4}),\\{${Array(8).fill('0x([0-9a-f]{1,2})').join(',')}\\}\\}$`,
);

/** The id in a UUID message, whichever form it was given in. */
export function readUuid(message: Buffer | undefined): string {
  if (!message) throw new BadIdentifier("Value cannot be null. (Parameter 'dto')");
  const reader = new MessageReader(message);
  let id: string | undefined;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) id = structuredId(reader.message());
    else if (tag === tagOf(2, 2)) id = canonicalId(reader.text());
    else reader.skip(tag);
  }
  if (id === undefined) throw new BadIdentifier("Invalid argument: None (Parameter 'dto')");
  return id;
}

export function writeTextId(writer: MessageWriter, field: number, id: string): void {
  writer.message(field, () => {
    writer.text(2, id);
  });
}

/** A UUID message as two 64-bit halves. */
export function writeStructuredId(writer: MessageWriter, field: number, id: string): void {
  const digits = id.replaceAll('-', '');
  writer.message(field, () => {
    writer.message(1, () => {
      writer.uintUnlessZero(1, BigInt.asIntN(64, BigInt(`0x${digits.slice(0, 16)}`)));
      writer.uintUnlessZero(2, BigInt.asIntN(64, BigInt(`0x${digits.slice(16)}`)));
    });
  });
}

function structuredId(reader: MessageReader): string {
  let most = 0n;
  let least = 0n;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 0)) most = reader.uint64();
    else if (tag === tagOf(2, 0)) least = reader.uint64();
    else reader.skip(tag);
  }
  return hyphenated(most.toString(16).padStart(16, '0') + least.toString(16).padStart(16, '0'));
}

const hyphenated = (digits: string): string =>
  [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
