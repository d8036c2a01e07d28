import { status } from '@grpc/grpc-js';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ScriptedServer } from '../../../test/faults/index.js';
import { guard } from './client-guard.js';

let server: ScriptedServer;

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(() => {
  server.close();
});

test('discovery that fails while the error of an old connection is looked at', async () => {
  // Without its guard this is an unhandled rejection, which jest reports. Nobody gossips here, so every discovery fails.
  const url = `esdb+discover://127.0.0.1:${server.port}?tls=false&maxDiscoverAttempts=1`;
  const client = EventStoreDBClient.connectionString(url);
  const { closeChannels } = guard(client);
  const handleError: unknown = Reflect.get(client, 'handleError');
  const grpc = { getChannel: () => undefined };
  const read = client.readAll({ maxCount: 1 }).on('error', () => undefined);
  if (typeof handleError !== 'function') throw new Error('the client has changed');
  const error = Object.assign(new Error('gone'), { code: status.UNAVAILABLE, metadata: undefined, details: '' });
  await Promise.resolve(Reflect.apply(handleError, client, [grpc, error]));
  read.destroy();
  closeChannels();
});

test('a client whose inside is another one is refused', () => {
  const client = EventStoreDBClient.connectionString(server.url);
  Reflect.deleteProperty(client, 'handleError');
  expect(() => guard(client)).toThrow('has changed inside');
});
