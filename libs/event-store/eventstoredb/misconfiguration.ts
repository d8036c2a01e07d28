import type { AccessDeniedError } from '@eventstore/db-client';
import { EventStoreMisconfigured } from '../failures.js';

const UNAUTHENTICATED = 16;
const GUIDE = 'docs/operating-a-secured-cluster.md';

/** Tells a wrong password from a missing right. An append says neither code nor text, only that it was denied. */
export function accessDenied(error: AccessDeniedError, what: string): EventStoreMisconfigured {
  if (Number(error.code) === UNAUTHENTICATED)
    return new EventStoreMisconfigured(
      'password',
      'The event store does not know this user name and password: correct them in EVENTSTORE_URL ' +
        '(esdb://user:password@host:port; characters such as @ : / are percent-encoded).',
      error,
    );
  return new EventStoreMisconfigured(
    'right',
    `The event store denies access to ${what}: the user of EVENTSTORE_URL lacks the right, or the URL names no user. ` +
      `An administrator grants it as ${GUIDE} shows.`,
    error,
  );
}
