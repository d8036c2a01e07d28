/** One field of a command that has not the shape it must have. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** The command is malformed: it could never be decided, whatever the state. */
export class InvalidCommand extends Error {
  override readonly name = 'InvalidCommand';

  constructor(
    readonly command: string,
    readonly problems: readonly FieldProblem[],
  ) {
    super(`${command}: ${problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ')}`);
  }
}

/** The stream is at another revision than the writer thought: somebody else was faster. */
export class ConcurrentWrite extends Error {
  override readonly name = 'ConcurrentWrite';

  constructor(
    readonly stream: string,
    readonly expected: string,
    readonly actual: string,
  ) {
    super(`${stream} is at ${actual}, not at ${expected}`);
  }
}

/** The caller demanded another revision than the stream has (If-Match). */
export class RevisionMismatch extends Error {
  override readonly name = 'RevisionMismatch';

  constructor(
    readonly stream: string,
    readonly expected: bigint,
    readonly actual: bigint,
  ) {
    super(`${stream} is at revision ${actual}, not at ${expected}`);
  }
}

/** The store did not answer in time, or cannot be reached: what was sent may or may not have been written. */
export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';

  constructor(what: string, cause?: unknown) {
    super(`the event store did not answer: ${what}`, { cause });
  }
}

/** A stored event is not what its schema says. */
export class MalformedEvent extends Error {
  override readonly name = 'MalformedEvent';

  constructor(
    readonly stream: string,
    readonly revision: bigint,
    readonly type: string,
    readonly field: string,
    readonly expected: string,
  ) {
    super(`${type} at ${stream}@${revision}: ${field} must be ${expected}`);
  }
}
