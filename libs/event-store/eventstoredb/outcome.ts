import {
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnsupportedError,
} from '@eventstore/db-client';
import { ConcurrentWrite } from '../failures.js';

const FINAL = [
  AccessDeniedError,
  ConcurrentWrite,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  UnsupportedError,
];

/** True when the outcome of a call is unknown or may be another next time; false when asking again cannot help. */
export const isTransient = (error: unknown): boolean => !FINAL.some((final) => error instanceof final);
