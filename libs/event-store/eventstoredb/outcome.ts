import {
  AccessDeniedError,
  convertToCommandError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnsupportedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import {
  AppendRefused,
  AppendTooLarge,
  ConcurrentWrite,
  EventStoreMisconfigured,
  EventStoreUnavailable,
  StreamDeleted,
  UnstorableEvent,
} from '../failures.js';
import type { Refused } from './append-reply.js';
import type { Append } from './append-request.js';
import { accessDenied } from './misconfiguration.js';

const DEFINITE = [
  AppendRefused,
  AppendTooLarge,
  ConcurrentWrite,
  EventStoreMisconfigured,
  EventStoreUnavailable,
  InvalidArgumentError,
  RangeError,
  StreamDeleted,
  TypeError,
  UnstorableEvent,
  UnsupportedError,
];

/** True when the outcome is unknown or may be another next time; false when asking again cannot help. */
export const isTransient = (error: unknown): boolean => !DEFINITE.some((definite) => error instanceof definite);

/** What the client threw, in words of the port where they are known. Goes by types: the messages are often empty. */
export function failureOf(error: unknown, stream: string): unknown {
  if (error instanceof WrongExpectedVersionError)
    return new ConcurrentWrite(stream, String(error.expectedVersion), String(error.actualVersion));
  if (error instanceof StreamDeletedError) return new StreamDeleted(stream);
  if (error instanceof MaxAppendSizeExceededError) return new AppendTooLarge(stream, NaN, error.maxAppendSize);
  if (error instanceof AccessDeniedError) return accessDenied(error, stream);
  return error;
}

/** What the server says of an append that it has not made; whatever else it says may be otherwise another time. */
export function failureOfRefusal(
  { problem, message, current, largest = NaN }: Refused,
  { stream, expected }: Append,
): Error {
  switch (problem) {
    case 'WrongExpectedVersion':
      return new ConcurrentWrite(stream, String(expected), String(current ?? 'no_stream'));
    case 'StreamDeleted':
      return new StreamDeleted(stream);
    case 'MaximumAppendSizeExceeded':
      return new AppendTooLarge(stream, NaN, largest);
    case 'AccessDenied':
      return accessDenied(new AccessDeniedError(), stream);
    case 'BadRequest':
      return new AppendRefused(stream, message);
    default:
      return new Error(`the event store has not made an append to ${stream}: ${problem} ${message}`);
  }
}

/** What ended a call, as the client would throw it; it stumbles over a server that does not know its leader. */
export function inWordsOfTheClient(error: Error): Error {
  try {
    return convertToCommandError(error);
  } catch {
    return new Error('the call ended', { cause: error });
  }
}
