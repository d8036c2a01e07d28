import { randomUUID } from 'node:crypto';
import { HttpException, Logger } from '@nestjs/common';
import type { FieldProblem } from '#event-store';
import {
  AppendTooLarge,
  ConcurrentWrite,
  EventStoreMisconfigured,
  EventStoreUnavailable,
  InvalidCommand,
  MalformedEvent,
  NewerEvent,
  RevisionMismatch,
  SubjectErased,
} from '#event-store';
import { Refusal } from '#kernel';
import { InvalidParameters, noteOf, ReadModelBehind } from '#read-store';
import { UnknownCommand } from './commands/command-catalogue.js';
import { NotFound } from './not-found.js';

/** RFC 9457 problem details, with a stable code beside the text for people. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
  readonly [detail: string]: unknown;
}

const logger = new Logger('Problem');

/** The one place where failures become HTTP numbers. */
export function problemOf(error: unknown): Problem {
  if (error instanceof InvalidCommand)
    return problem(400, 'INVALID_COMMAND', 'The command is malformed', error.message, { errors: error.problems });
  if (error instanceof InvalidParameters)
    return problem(400, 'INVALID_PARAMETERS', 'The question is malformed', error.message, { errors: error.problems });
  if (error instanceof UnknownCommand)
    return problem(404, 'UNKNOWN_COMMAND', 'There is no such command', error.message);
  if (error instanceof Refusal)
    return problem(409, String(error.code), 'A rule of the domain says no', error.message, { details: error.details });
  if (error instanceof SubjectErased) return problem(409, 'SUBJECT_ERASED', 'The person was erased', error.message);
  if (error instanceof NewerEvent)
    return problem(503, 'NEWER_EVENT', 'A newer release has written to this record', error.message);
  if (error instanceof MalformedEvent)
    return problem(500, 'MALFORMED_EVENT', 'The record cannot be read', error.message);
  if (error instanceof NotFound) return problem(404, error.code, 'There is no such thing', error.message);
  if (error instanceof ConcurrentWrite)
    return problem(409, 'CONCURRENT_WRITE', 'Others were faster, again and again', `${error.message}; send it again`);
  if (error instanceof RevisionMismatch)
    return problem(412, 'REVISION_MISMATCH', 'The record has changed since', error.message);
  if (error instanceof ReadModelBehind)
    return problem(
      503,
      'READ_MODEL_BEHIND',
      'The read model has not seen that write yet',
      `${error.message}; ask again`,
      { position: String(error.position), projections: error.projections, waitedMs: error.waitedMs },
    );
  if (error instanceof EventStoreUnavailable)
    return problem(
      503,
      'EVENT_STORE_UNAVAILABLE',
      'The event store does not answer',
      'Send it again under the same id.',
    );
  if (error instanceof EventStoreMisconfigured)
    return problem(503, 'EVENT_STORE_MISCONFIGURED', 'An administrator must mend the event store', error.message);
  if (error instanceof AppendTooLarge)
    return problem(413, 'TOO_LARGE_TO_STORE', 'The events of this command are too large', error.message);
  return ofHttp(error) ?? unexpected(error);
}

/** What Nest and Fastify say themselves: malformed JSON, a body too large, no such route. */
function ofHttp(error: unknown): Problem | undefined {
  const status = error instanceof HttpException ? error.getStatus() : statusIn(error);
  if (status === undefined || !(error instanceof Error)) return undefined;
  const code =
    status === 413
      ? 'BODY_TOO_LARGE'
      : status === 415
        ? 'UNSUPPORTED_MEDIA_TYPE'
        : status === 404
          ? 'NOT_FOUND'
          : 'BAD_REQUEST';
  return problem(status, code, 'The request cannot be used', error.message);
}

const statusIn = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500
    ? error.statusCode
    : undefined;

/** Tells the caller nothing of the inside, but a number under which the log tells where it was; neither quotes the data. */
function unexpected(error: unknown): Problem {
  const incident = randomUUID();
  const { reason, stack } = noteOf(error instanceof Error ? error : new TypeError('something else than an error'));
  logger.error(`${incident}: ${reason}\n${stack ?? ''}`);
  return problem(500, 'UNEXPECTED', 'Something failed that should not have', `The log tells more under ${incident}.`);
}

const problem = (status: number, code: string, title: string, detail: string, more: object = {}): Problem => ({
  type: `urn:taizhang:problem:${code.toLowerCase().replaceAll('_', '-')}`,
  title,
  status,
  code,
  detail,
  ...more,
});
