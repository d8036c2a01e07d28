import { InvalidArgumentError } from 'commander';

/** The value of `--reason`: somebody will read it later, so it must say something. */
export function reason(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Say why: it is kept.');
  return text.trim();
}
