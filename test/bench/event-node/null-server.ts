import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { frameOf } from '#protobuf';
import { MessageParser } from '../../../apps/event-node/grpc/message-parser.js';
import { readFragment } from '../../../apps/event-node/protocol/batch-request.js';
import { encodeEventFrame } from '../../../apps/event-node/protocol/event-frame.js';
import { confirmation } from '../../../apps/event-node/protocol/read-replies.js';
import { readReadRequest } from '../../../apps/event-node/protocol/read-request.js';
import { exampleEvent } from './example-event.js';

/**
 * The ceiling of the client: a server that speaks HTTP/2 and gRPC and does nothing else. Appends are acknowledged as
 * they come and forgotten, reads bring one event over and over. A program of its own; it tells its port over IPC.
 */
const RESPONSE = { ':status': 200, 'content-type': 'application/grpc' };
const SETTINGS = { initialWindowSize: 786_432, maxConcurrentStreams: 100 };

const features = frameOf((to) => {
  to.message(1, () => {
    to.text(1, 'batchappend');
    to.text(2, 'event_store.client.streams.streams');
  });
  to.text(2, 'null');
});

const written = frameOf((to) => {
  to.message(3, () => {
    to.uint(1, 0);
    to.message(3, () => {
      to.uint(1, 1);
      to.uint(2, 1);
    });
  });
}).subarray(5);

const example = exampleEvent();
const event = encodeEventFrame({
  ...example,
  revision: 100n,
  position: 1_000_000n,
  created: 17_000_000_000_000_000n,
  json: true,
  metadata: Buffer.from(JSON.stringify(example.metadata)),
  data: Buffer.from(JSON.stringify(example.data)),
});
const PER_BLOCK = Math.floor(65_536 / event.length);
const block = Buffer.concat(Array.from({ length: PER_BLOCK }, () => event));

/** Replies to what one chunk brought leave together. */
function acknowledgeAppends(stream: ServerHttp2Stream): void {
  const parser = new MessageParser();
  stream.respond(RESPONSE, { waitForTrailers: true });
  stream.on('data', (chunk: Buffer) => {
    const replies: Buffer[] = [];
    parser.push(chunk, (body) => {
      const { correlationId, isFinal } = readFragment(body);
      if (isFinal && correlationId) replies.push(acknowledgement(correlationId));
    });
    if (replies.length > 0) stream.write(Buffer.concat(replies));
  });
  stream.on('end', () => stream.end());
}

function acknowledgement(correlationId: Buffer): Buffer {
  const length = 2 + correlationId.length + written.length;
  const header = Buffer.from([0, 0, 0, 0, length, 0x0a, correlationId.length]);
  return Buffer.concat([header, correlationId, written]);
}

async function bringEvents(stream: ServerHttp2Stream): Promise<void> {
  const request = await requestOf(stream);
  const { amount = 0n } = readReadRequest(request);
  stream.respond(RESPONSE, { waitForTrailers: true });
  if (amount === 'subscription') stream.write(confirmation('00000000-0000-4000-8000-000000000000'));
  const closed = once(stream, 'close');
  for (let left = amount === 'subscription' ? Infinity : Number(amount); left > 0 && !stream.destroyed;) {
    const count = Math.min(left, PER_BLOCK);
    left -= count;
    if (!stream.write(block.subarray(0, count * event.length))) await Promise.race([once(stream, 'drain'), closed]);
  }
  if (!stream.destroyed) stream.end();
}

function requestOf(stream: ServerHttp2Stream): Promise<Buffer> {
  const parser = new MessageParser();
  return new Promise((resolve) => stream.on('data', (chunk: Buffer) => parser.push(chunk, resolve)));
}

function serve(stream: ServerHttp2Stream, { ':path': path = '' }: IncomingHttpHeaders): void {
  stream.on('error', () => undefined);
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  if (path.endsWith('/BatchAppend')) acknowledgeAppends(stream);
  else if (path.endsWith('/Read')) void bringEvents(stream);
  else {
    stream.resume();
    stream.respond(RESPONSE, { waitForTrailers: true });
    stream.end(features);
  }
}

const server = createServer({ settings: SETTINGS });
server.on('session', (session) => session.setLocalWindowSize(2 * SETTINGS.initialWindowSize));
server.on('stream', serve);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
process.on('disconnect', () => process.exit());
