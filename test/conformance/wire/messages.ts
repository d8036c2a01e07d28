import { fileURLToPath } from 'node:url';
import protobuf, { type Field, type Type } from 'protobufjs';
import { list, object, text } from '../json.js';

const root = new protobuf.Root().loadSync(fileURLToPath(new URL('eventstore.proto', import.meta.url)), {
  keepCase: true,
});
const PACKAGE = 'event_store.client';
const ERROR_URL = `type.googleapis.com/${PACKAGE}.`;

/** Request and response of each call the cases make; all others send and give nothing. */
const CALLS: Readonly<Record<string, readonly [string, string]>> = {
  'streams.Streams/Append': ['AppendReq', 'AppendResp'],
  'streams.Streams/BatchAppend': ['BatchAppendReq', 'BatchAppendResp'],
  'streams.Streams/Read': ['ReadReq', 'ReadResp'],
  'streams.Streams/Delete': ['DeleteReq', 'DeleteResp'],
  'streams.Streams/Tombstone': ['DeleteReq', 'DeleteResp'],
  'gossip.Gossip/Read': ['Empty', 'ClusterInfo'],
  'server_features.ServerFeatures/GetSupportedMethods': ['Empty', 'SupportedMethods'],
  'monitoring.Monitoring/Stats': ['StatsReq', 'StatsResp'],
};

/** Turns the messages of one call into bytes and back, in the notation of the case files. */
export class Codec {
  private readonly request: Type;
  private readonly response: Type;

  constructor(rpc: string) {
    const [request, response] = CALLS[rpc.replace(`${PACKAGE}.`, '')] ?? ['Empty', 'Empty'];
    this.request = root.lookupType(`${PACKAGE}.${request}`);
    this.response = root.lookupType(`${PACKAGE}.${response}`);
  }

  encode(message: unknown): Buffer {
    return encode(this.request, object(message));
  }

  decode(bytes: Buffer): unknown {
    return decoded(this.response, bytes);
  }
}

function encode(type: Type, message: Readonly<Record<string, unknown>>): Buffer {
  if (typeof message['#hex'] === 'string') return Buffer.from(message['#hex'], 'hex');
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(message)) {
    const field = type.fields[name];
    if (name === '#unknown') parts.push(...list(value).map((pair) => unknownField(list(pair))));
    else if (!field) throw new Error(`${type.name} has no field ${name}`);
    else for (const one of field.repeated ? list(value) : [value]) parts.push(encodeField(type, field.resolve(), one));
  }
  return Buffer.concat(parts);
}

/** Nested messages are encoded here, for what protobufjs would drop in them; the rest by protobufjs. */
function encodeField(type: Type, field: Field, value: unknown): Uint8Array {
  if (field.name === 'structured' && typeof value === 'string') return encodeField(type, field, halves(value));
  if (!field.map && field.resolvedType instanceof protobuf.Type) {
    return delimited(field.id, encode(field.resolvedType, object(value)));
  }
  const plain = field.type === 'bytes' ? bytesOf(text(value)) : value;
  // A field of a oneof that holds its default is still written: that it was given is what counts.
  const message = type.fromObject({ [field.name]: field.repeated ? [plain] : plain });
  return type.encode(message).finish();
}

const delimited = (id: number, bytes: Uint8Array): Uint8Array =>
  protobuf.Writer.create()
    .uint32(id * 8 + 2)
    .bytes(bytes)
    .finish();

const unknownField = ([id, value]: readonly unknown[]): Uint8Array => delimited(Number(id), Buffer.from(text(value)));

function decoded(type: Type, bytes: Uint8Array): unknown {
  return notation(type, type.toObject(type.decode(bytes), { longs: String, enums: String }));
}

/** Bytes as text, ids and errors in their short forms. */
function notation(type: Type, message: Readonly<Record<string, unknown>>): unknown {
  if (type.name === 'Any') return errorDetail(message);
  if (type.name === 'Structured') return uuidOf(message);
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      const field = type.fields[name]?.resolve();
      const one = (item: unknown): unknown => {
        if (item instanceof Uint8Array) return textOrBase64(Buffer.from(item));
        if (isPosition(name) && typeof item === 'string') return positionOf(item);
        return !field?.map && field?.resolvedType instanceof protobuf.Type
          ? notation(field.resolvedType, object(item))
          : item;
      };
      return [name, Array.isArray(value) ? value.map(one) : one(value)];
    }),
  );
}

function errorDetail({ typeUrl, value }: Readonly<Record<string, unknown>>): unknown {
  const type = root.lookupType(`${PACKAGE}.${text(typeUrl).replace(ERROR_URL, '')}`);
  return { '@type': typeUrl, ...(value instanceof Uint8Array ? object(decoded(type, value)) : {}) };
}

const isPosition = (name: string): boolean => name === 'commitPosition' || name === 'preparePosition';
const positionOf = (value: string): string =>
  value === '0' || value === '18446744073709551615' ? value : `@@${value}`;

function uuidOf({ mostSignificantBits, leastSignificantBits }: Readonly<Record<string, unknown>>): string {
  const hex = (half: unknown): string =>
    BigInt.asUintN(64, BigInt(text(half, '0')))
      .toString(16)
      .padStart(16, '0');
  const all = hex(mostSignificantBits) + hex(leastSignificantBits);
  return all.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function halves(uuid: string): unknown {
  const digits = uuid.replaceAll('-', '');
  const half = (part: string): string => BigInt.asIntN(64, BigInt(`0x${part}`)).toString();
  return { mostSignificantBits: half(digits.slice(0, 16)), leastSignificantBits: half(digits.slice(16)) };
}

function textOrBase64(bytes: Buffer): string {
  const value = bytes.toString();
  const isText =
    /^[\t\n\r\x20-\x7e\u00a0-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}]*$/u.test(value) &&
    Buffer.from(value).equals(bytes);
  if (!isText) return `base64:${bytes.toString('base64')}`;
  const run = /^(.)\1{199,}$/s.exec(value);
  return run?.[1] === undefined ? value : `fill:${run[1]}*${value.length}`;
}

function bytesOf(value: string): Buffer {
  if (value.startsWith('base64:')) return Buffer.from(value.slice(7), 'base64');
  const [, character, length] = /^fill:(.)\*(\d+)$/s.exec(value) ?? [];
  return character === undefined ? Buffer.from(value) : Buffer.alloc(Number(length), character);
}

/** A header of a request, long ones written in short; null takes one away. */
export const headerOf = (value: unknown): string | null =>
  typeof value === 'string' ? bytesOf(value).toString() : null;
