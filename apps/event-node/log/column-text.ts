import { createHash } from 'node:crypto';

const LONGEST = 500;
const MARK = '\u0001sha256:';

/** Text as a column can hold and index it: by its digest when it is too long or holds a NUL. */
export function columnText(text: string): string {
  if (text.length <= LONGEST / 4 && !text.includes('\0') && !text.startsWith(MARK)) return text;
  if (Buffer.byteLength(text) <= LONGEST && !text.includes('\0') && !text.startsWith(MARK)) return text;
  return MARK + createHash('sha256').update(text).digest('hex');
}
