import { AccessDeniedError, BACKWARDS, END } from '@eventstore/db-client';
import type { Connection } from './connection.js';
import { diagnose } from './diagnosis.js';
import { accessDenied } from './misconfiguration.js';
import type { Patience } from './options.js';
import { drain } from './reading.js';
import type { ConnectionSettings } from './settings.js';

/** Reads one event of `$all`, which projections need to read. @throws EventStoreMisconfigured when only a person can help */
export async function checkConnection(
  connection: Connection,
  settings: ConnectionSettings,
  { answer }: Patience,
): Promise<void> {
  const lease = await connection.lease();
  const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
  try {
    for await (const _ of drain(lease.client.readAll(options), { what: 'read $all', silence: answer })) break;
  } catch (error) {
    if (error instanceof AccessDeniedError) throw accessDenied(error, '$all');
    const misconfiguration = await diagnose(settings, answer);
    if (misconfiguration) throw misconfiguration;
    connection.failed(lease, 'read', error);
    throw error;
  }
}
