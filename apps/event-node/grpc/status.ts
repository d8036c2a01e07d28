/** The gRPC status codes the node uses. */
export const Code = {
  OK: 0,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;
export type Code = (typeof Code)[keyof typeof Code];

/** A call that ends with a status other than OK. */
export class CallError extends Error {
  constructor(
    readonly code: Code,
    message: string,
    readonly trailers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** What a handler's own failure looks like to the caller, who is told nothing of it. */
export const handlerFailed = (): CallError => new CallError(Code.UNKNOWN, 'Exception was thrown by handler.');

export const streamDeleted = (stream: string): CallError =>
  new CallError(Code.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': headerText(stream),
  });

export const accessDenied = (): CallError =>
  new CallError(Code.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

/** Header values are ASCII: the rest is percent-encoded. */
export const headerText = (text: string): string => text.replace(/[^\x20-\x7e]+/g, (part) => encodeURIComponent(part));

/** grpc-message also encodes the percent sign itself. */
export const statusText = (text: string): string => headerText(text.replaceAll('%', '%25'));
