import { once } from 'node:events';
import { connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { RpcServer } from './server.js';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);

/** Long enough for the answer of a client that is there, however busy the machine is. */
const PING_EVERY = 1_000;
const server = new RpcServer(new Map(), (_, response) => response.end(), undefined, PING_EVERY);
const port = await server.listen(0, '127.0.0.1');

afterEach(() => server.close(0));

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
