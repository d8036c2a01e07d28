import { randomUUID } from 'node:crypto';
import type { Issue } from '#event-store';
import { InvalidCommand, oneSpelling } from '#event-store';
import { isStorable, NOT_STORABLE, type Actor } from '#kernel';

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const KINDS: readonly Actor['kind'][] = ['human', 'system', 'import', 'integration', 'simulation'];
const MAX_ID = 200;
const MAX_NAME = 500;

/** Whether text may be the id of a command or of an actor. */
export const isId = (text: string): boolean => /^\S+$/.test(text) && text.length <= MAX_ID && isStorable(text);
export const NOT_AN_ID = `must be one word of at most ${MAX_ID} characters`;

/** Who sends a command and under which id, from the request's headers. @throws InvalidCommand naming the header */
export function issueFrom(headers: Headers, command: string): Issue {
  return {
    commandId: idIn(headers, 'idempotency-key', command) ?? randomUUID(),
    actor: actorFrom(headers, command),
    correlationId: idIn(headers, 'x-correlation-id', command),
    causationId: idIn(headers, 'x-causation-id', command),
    onBehalfOf: personIn(headers, 'x-on-behalf-of', command),
    expectedRevision: revisionIn(headers, command),
  };
}

/** The actor is who the headers say it is until sign-in exists. */
export function actorFrom(headers: Headers, command: string): Actor {
  const id = personIn(headers, 'x-actor', command);
  if (id === undefined) throw refused(command, 'X-Actor', 'is missing: every event names who caused it');
  const wanted = headers['x-actor-kind'] ?? 'human';
  const kind = KINDS.find((known) => known === wanted);
  if (kind === undefined) throw refused(command, 'X-Actor-Kind', `must be one of ${KINDS.join(', ')}`);
  return { id, kind, displayName: nameIn(headers, command) };
}

/** The UUID of an employee is one however it is spelt; other programs act under names. */
function personIn(headers: Headers, name: string, command: string): string | undefined {
  const id = idIn(headers, name, command);
  return id === undefined ? undefined : oneSpelling(id);
}

function idIn(headers: Headers, name: string, command: string): string | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && isId(value)) return value;
  throw refused(command, name, NOT_AN_ID);
}

/** Headers carry ASCII only, so names come percent-encoded. */
function nameIn(headers: Headers, command: string): string | undefined {
  const value = headers['x-actor-name'];
  if (typeof value !== 'string') return undefined;
  const name = decoded(value, command);
  if (!isStorable(name)) throw refused(command, 'X-Actor-Name', NOT_STORABLE);
  if (name.length <= MAX_NAME) return name;
  throw refused(command, 'X-Actor-Name', `must have at most ${MAX_NAME} characters`);
}

function decoded(value: string, command: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw refused(command, 'X-Actor-Name', 'must be percent-encoded UTF-8');
  }
}

function revisionIn(headers: Headers, command: string): bigint | undefined {
  const value = headers['if-match'];
  if (value === undefined) return undefined;
  const digits = typeof value === 'string' ? /^"?(\d{1,18})"?$/.exec(value)?.[1] : undefined;
  if (digits === undefined) throw refused(command, 'If-Match', 'must be a revision, such as "3" (never a weak W/"3")');
  return BigInt(digits);
}

const refused = (command: string, field: string, problem: string) => new InvalidCommand(command, [{ field, problem }]);
