import { hash } from 'node:crypto';
import type { Command } from './command.js';
import { fieldNames } from './field-rules.js';

/**
 * A keyed fingerprint of what a checked command says, so that an id used for something else is noticed and nothing can be
 * guessed from it. The key comes first: SHA-512/256 gives away nothing from which one could go on. (An HMAC takes three
 * times as long, and leaves an object of OpenSSL to be collected.)
 */
export const commandHash = (command: Command, key: string): string =>
  hash('sha512-256', key + command.constructor.name + textOf(command, fieldNames(command.constructor)), 'base64url');

/** What a JSON value says, with the fields of each object in order, unset ones left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return textOf(value, Object.keys(value).sort());
}

function textOf(value: object, names: Iterable<string>): string {
  let fields = '';
  for (const name of names) {
    const field: unknown = Reflect.get(value, name);
    if (field !== undefined) fields += `${fields === '' ? '' : ','}${JSON.stringify(name)}:${canonical(field)}`;
  }
  return `{${fields}}`;
}
