import { MessageReader, type MessageWriter, tagOf } from '#protobuf';

/** An identifier a request gave in a form that is none; the text is what .NET says. */
export class BadIdentifier extends Error {}

export const ZERO_ID = '00000000-0000-0000-0000-000000000000';

const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WRAPPED = /^(?:\{([^}]*)\}|\(([^)]*)\))$/;

/** Canonical lower-case form of any text .NET takes for a Guid. */
export function canonicalId(text: string): string {
  if (HYPHENATED.test(text)) return text;
  const trimmed = text.trim().toLowerCase();
  const wrapped = WRAPPED.exec(trimmed);
  const bare = wrapped ? (wrapped[1] ?? wrapped[2] ?? '') : trimmed;
  if (HYPHENATED.test(bare)) return bare;
  if (!wrapped && /^[0-9a-f]{32}$/.test(bare)) return hyphenated(bare);
  throw new BadIdentifier('Unrecognized Guid format.');
}

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
