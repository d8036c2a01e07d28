import { createHmac } from 'node:crypto';
import type { Command } from './command.js';

/** A keyed fingerprint of what a command says, so that an id used for something else is noticed and nothing can be guessed from it. */
export const commandHash = (command: Command, key: Buffer): string =>
  createHmac('sha256', key)
    .update(command.constructor.name + canonical(command))
    .digest('base64url');

/** What a JSON value says, with the fields of each object in order, unset ones left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
