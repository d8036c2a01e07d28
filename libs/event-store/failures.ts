import type { FieldProblem } from '#kernel';

export type { FieldProblem };

/** The command is malformed: it could never be decided, whatever the state. */
export class InvalidCommand extends Error {
  override readonly name = 'InvalidCommand';

  constructor(
    readonly command: string,
    readonly problems: readonly FieldProblem[],
  ) {
    super(
      `${command}: ${problems.map(({ field, problem }) => (field === '' ? problem : `${field}: ${problem}`)).join('; ')}`,
    );
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

/** A newer release wrote the event; what it means is not guessed. */
export class NewerEvent extends Error {
  override readonly name = 'NewerEvent';

  constructor(
    readonly stream: string,
    readonly revision: bigint,
    readonly type: string,
    readonly version: number,
    readonly known: number,
  ) {
    super(
      `${type} at ${stream}@${revision} is of version ${version}, and this program knows it up to ${known}: start the release that wrote it`,
    );
  }
}

/** The key of a person was destroyed: nothing more can be recorded of them. */
export class SubjectErased extends Error {
  override readonly name = 'SubjectErased';

  constructor(readonly subject: string) {
    super(`the data of ${subject} was erased; nothing more can be recorded of it`);
  }
}

/** Keys of subjects cannot be opened: the master key that wraps them is not at hand. */
export class MasterKeyMissing extends Error {
  override readonly name = 'MasterKeyMissing';

  constructor(
    /** Its name, as `taizhang keys status` shows it. */
    readonly masterKey: string,
    subject: string,
  ) {
    super(
      `the key of ${subject} was wrapped by the master key ${masterKey}, which is not at hand: was MASTER_KEY changed without keeping the old one?`,
    );
  }
}

/** A wrapped key was changed where it lies, or belongs to another subject. */
export class KeyDamaged extends Error {
  override readonly name = 'KeyDamaged';

  constructor(
    readonly subject: string,
    cause: unknown,
  ) {
    super(`the key of ${subject} does not open under the master key that wrapped it: it was changed in its table`, {
      cause,
    });
  }
}

/** An administrator has deleted the stream for good: nothing can be read from it or appended to it any more. */
export class StreamDeleted extends Error {
  override readonly name = 'StreamDeleted';

  constructor(readonly stream: string) {
    super(`${stream} was deleted`);
  }
}

/** An event holds something that cannot be stored as it is; nothing of its append was sent. */
export class UnstorableEvent extends Error {
  override readonly name = 'UnstorableEvent';

  constructor(
    readonly stream: string,
    readonly type: string,
    /** Where in the event, as in `data.lines.2.amount`. */
    readonly path: string,
    readonly problem: string,
  ) {
    super(`${type} cannot be appended to ${stream}: ${path} ${problem}`);
  }
}

/** The events of one append are too large together; nothing was sent. */
export class AppendTooLarge extends Error {
  override readonly name = 'AppendTooLarge';

  constructor(
    readonly stream: string,
    readonly bytes: number,
    readonly limit: number,
    part: 'data' | 'metadata' = 'data',
  ) {
    super(
      `an append to ${stream} has ${bytes} bytes of ${part}, and ${limit} is the most: append fewer events at once`,
    );
  }
}

/** The store finds the append itself malformed: nothing was written, and sending it again cannot help. */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';

  constructor(
    readonly stream: string,
    why: string,
  ) {
    super(`the event store refuses an append to ${stream}: ${why}`);
  }
}

/** What keeps the program from its event store until somebody changes something. */
export type StoreProblem =
  | 'connection string'
  | 'several hosts to discover'
  | 'nobody listens'
  | 'store speaks TLS'
  | 'store speaks no TLS'
  | 'certificate'
  | 'password'
  | 'right';

/** The event store cannot be used as it is configured. Trying again does not help; the message names the remedy. */
export class EventStoreMisconfigured extends Error {
  override readonly name = 'EventStoreMisconfigured';

  constructor(
    readonly problem: StoreProblem,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}
