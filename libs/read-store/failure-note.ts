import { DatabaseError } from 'pg';

/** What may be kept of a failure, in a table or a log: no erasure reaches a value that an error quotes. */
export interface FailureNote {
  readonly reason: string;
  /** Where in the program it arose. */
  readonly stack: string | null;
}

/** Errors whose messages name streams, fields, columns and rules, and quote no value. */
const QUOTES_NOTHING: ReadonlySet<string> = new Set([
  'MalformedEvent',
  'NewerEvent',
  'UnwritableChange',
  'MissingTable',
  'ParkedBehind',
  'SubjectErased',
  'MasterKeyMissing',
  'KeyDamaged',
  'CheckpointMoved',
  'LeaseLost',
  'NotPossible',
  'EventStoreUnavailable',
  'EventStoreMisconfigured',
  'StreamDeleted',
]);

/** What drivers say of lost connections, word for word; system calls that fail name an address and a code. */
const SAID_OF_CONNECTIONS: ReadonlySet<string> = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'The subscription ended',
]);

/** Names the failure and its place. What others say may quote what the data says, and so a person: it is left out. */
export function noteOf(thrown: unknown): FailureNote {
  const error = thrown instanceof Error ? thrown : new Error('not an error');
  const frames = framesOf(error);
  // Postgres holds no NUL, and the name of a field may have one.
  return {
    reason: reasonOf(error, frames.find(isInProgram)).replaceAll('\0', '\\0'),
    stack: frames.length === 0 ? null : frames.join('\n'),
  };
}

function reasonOf(error: Error, place = ''): string {
  if (error instanceof DatabaseError) return asRefused(error);
  const quotesNothing = QUOTES_NOTHING.has(error.name) || 'syscall' in error || SAID_OF_CONNECTIONS.has(error.message);
  return quotesNothing ? error.message : `${error.name} ${place}`.trim();
}

/** The common ones of Postgres's codes; the manual lists all. */
const MEANINGS: Readonly<Record<string, string>> = {
  '22001': 'a text is too long',
  '22003': 'a number is out of range',
  '22007': 'a date or time is malformed',
  '22008': 'a date or time is out of range',
  '22021': 'a character cannot be stored',
  '22P02': 'a value is not of the type of its column',
  '23502': 'a value is missing',
  '23503': 'what a value refers to is not there',
  '23505': 'a key is there already',
  '23514': 'a check constraint is violated',
  P0001: 'a trigger refuses it',
  '40P01': 'two transactions wait for each other',
  '53100': 'the disk is full',
  '53300': 'there are too many connections',
  '57P01': 'an administrator ended the connection',
};

function asRefused({ code = '', table, column, constraint }: DatabaseError): string {
  const at = Object.entries({ table, column, constraint }).flatMap(([kind, name]) =>
    name === undefined ? [] : [`, ${kind} ${name}`],
  );
  return `Postgres refuses it with ${code}${MEANINGS[code] ? ` (${MEANINGS[code]})` : ''}${at.join('')}`;
}

/** Not what is built in, such as `JSON.parse (<anonymous>)`. */
const isInProgram = (frame: string): boolean => /:\d+\)?$/.test(frame);

/** The lines of the stack behind the message, which may have several of its own. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const from = stack.indexOf(message);
  if (from < 0) return [];
  const lines = stack.slice(from + message.length).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line.startsWith('at '));
}
