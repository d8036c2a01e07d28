import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expect, test } from '@jest/globals';
import { MessageWriter } from '#protobuf';
import type { ExpectedRevision, NewEvent } from '../event-store.js';
import { writeAppend } from './append-request.js';
import { messagesIn } from './carrier.js';

const id = '00000000-0000-4000-8000-000000000001';
const event = (data: NewEvent['data'] = { name: '欧阳娜娜' }): NewEvent => ({
  id,
  type: 'Happened',
  data,
  metadata: { at: 'noon' },
});

/** What google-protobuf, which the client and all servers go by, makes of it. */
function requestsOf(events: readonly NewEvent[], expected: ExpectedRevision = 'no_stream') {
  const writer = new MessageWriter();
  writeAppend(writer, 7, { stream: '线索-1', expected, events, deadline: 1_600 });
  return [...messagesIn(writer.take())].map((bytes) => streams.BatchAppendReq.deserializeBinary(bytes));
}

test('an append says what the client would say', () => {
  const [request, ...more] = requestsOf([event()]);
  expect(more).toEqual([]);
  const options = request?.getOptions();
  expect(Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('线索-1');
  expect(options?.hasNoStream()).toBe(true);
  expect(options?.getDeadline()?.toDate().getTime()).toBeGreaterThan(Date.now());
  expect(request?.getCorrelationId()?.getStructured()?.getLeastSignificantBits()).toBe('7');
  expect(request?.getIsFinal()).toBe(true);
  const [message] = request?.getProposedMessagesList() ?? [];
  expect(message?.getId()?.getString()).toBe(id);
  expect(message?.getMetadataMap().get('type')).toBe('Happened');
  expect(message?.getMetadataMap().get('content-type')).toBe('application/json');
  expect(Buffer.from(message?.getData_asU8() ?? []).toString()).toBe('{"name":"欧阳娜娜"}');
  expect(Buffer.from(message?.getCustomMetadata_asU8() ?? []).toString()).toBe('{"at":"noon"}');
});

test.each([0n, 127n, 128n, 2n ** 53n + 1n, 2n ** 63n - 1n])('the expected revision %s is exact', (revision) => {
  const [request] = requestsOf([event()], revision);
  expect(request?.getOptions()?.getStreamPosition()).toBe(String(revision));
});

test('a large append is cut between events, and only its last part is final', () => {
  const texts = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(400_000));
  const requests = requestsOf(texts.map((text) => event({ text })));
  expect(requests.map((request) => request.getProposedMessagesList().length)).toEqual([3, 2]);
  expect(requests.map((request) => request.getIsFinal())).toEqual([false, true]);
  expect(requests.map((request) => request.hasOptions())).toEqual([true, false]);
  const came = requests.flatMap((request) => request.getProposedMessagesList());
  expect(came.map((message) => Buffer.from(message.getData_asU8()).toString())).toEqual(
    texts.map((text) => JSON.stringify({ text })),
  );
});
