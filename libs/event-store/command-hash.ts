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
  let fields = '';
  for (const name of Object.keys(value).sort()) {
    const field: unknown = Reflect.get(value, name);
    if (field !== undefined) fields += `${fields === '' ? '' : ','}${JSON.stringify(name)}:${canonical(field)}`;
  }
  return `{${fields}}`;
}
