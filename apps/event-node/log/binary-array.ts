/** Element types of Postgres, by their fixed object ids. */
export const ElementType = { bytea: 17, int8: 20, text: 25, uuid: 2950 } as const;

/**
 * A Postgres array in its binary form. A Buffer parameter is sent as it is, so that a thousand events cost one
 * copy and no escaping.
 */
export function binaryArray(type: number, elements: readonly Uint8Array[]): Buffer {
  let size = 20;
  for (const element of elements) size += 4 + element.length;
  const array = Buffer.allocUnsafe(size);
  array.writeInt32BE(1, 0); // one dimension
  array.writeInt32BE(0, 4); // no nulls
  array.writeInt32BE(type, 8);
  array.writeInt32BE(elements.length, 12);
  array.writeInt32BE(1, 16); // lower bound
  let at = 20;
  for (const element of elements) {
    array.writeInt32BE(element.length, at);
    array.set(element, at + 4);
    at += 4 + element.length;
  }
  return array;
}

export function binaryInt8Array(values: readonly bigint[]): Buffer {
  const array = Buffer.allocUnsafe(20 + values.length * 12);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(0, 4);
  array.writeInt32BE(ElementType.int8, 8);
  array.writeInt32BE(values.length, 12);
  array.writeInt32BE(1, 16);
  let at = 20;
  for (const value of values) {
    array.writeInt32BE(8, at);
    array.writeBigInt64BE(value, at + 4);
    at += 12;
  }
  return array;
}
