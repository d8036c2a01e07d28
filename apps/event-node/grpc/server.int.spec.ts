import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import type { Call } from './call.js';
import { RpcServer } from './server.js';
import { streamDeleted } from './status.js';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/** Long enough for the answer of a client that is there, however busy the machine is. */
const PING_EVERY = 1_000;
const LONG = 'x'.repeat(40_000);
const services = new Map([['streams', new Map([['read', (call: Call) => call.fail(streamDeleted(LONG))]])]]);
const server = new RpcServer(services, (_, response) => response.end(), undefined, PING_EVERY);
const port = await server.listen(0, '127.0.0.1');

afterAll(() => server.close(0));

test('a connection whose client answers no pings is given up, one whose client does is kept', async () => {
  const alive = connect(`http://127.0.0.1:${port}`);
  await once(alive, 'connect');
  let pings = 0;
  alive.on('ping', () => pings++);
  const dead = connectSocket(port, '127.0.0.1');
  dead.write(Buffer.concat([PREFACE, EMPTY_SETTINGS]));
  dead.resume();
  await once(dead, 'close');
  while (pings < 3) await once(alive, 'ping');
  expect(alive.closed).toBe(false);
  alive.destroy();
});

test('a stream whose name is long is told by its whole name', async () => {
  const client = connect(`http://127.0.0.1:${port}`, { settings: { maxHeaderListSize: 8 * 1024 * 1024 } });
  const call = client.request({ ':method': 'POST', ':path': '/Streams/Read', 'content-type': 'application/grpc' });
  let status: IncomingHttpHeaders = {};
  call.on('response', (headers) => (status = headers)).on('error', () => undefined);
  client.on('error', () => undefined);
  await once(call.resume(), 'close');
  expect(status).toMatchObject({ 'grpc-message': `Event stream '${LONG}' is deleted.`, 'stream-name': LONG });
  client.destroy();
});
