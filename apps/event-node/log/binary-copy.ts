/** What stands before the first row: a signature, flags, and the length of an extension that is never there. */
const HEADER = 19;
const END = -1;

/** The values of `COPY (select one column) TO STDOUT (FORMAT binary)`, in place. */
export function copiedValues(bytes: Buffer): Buffer[] {
  const values: Buffer[] = [];
  for (let at = HEADER; bytes.readInt16BE(at) !== END;) {
    const start = at + 6; // behind the number of columns and the length of the only one
    at = start + bytes.readInt32BE(at + 2);
    values.push(bytes.subarray(start, at));
  }
  return values;
}
