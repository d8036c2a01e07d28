import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expect, test } from '@jest/globals';
import anys from 'google-protobuf/google/protobuf/any_pb.js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import { AppendRefused, AppendTooLarge, ConcurrentWrite, EventStoreMisconfigured, StreamDeleted } from '../failures.js';
import { readReply } from './append-reply.js';
import { failureOfRefusal } from './outcome.js';

const append = { stream: 's-1', expected: 4n, events: [], deadline: 1_000 } as const;

function replyOf(fill: (response: streams.BatchAppendResp) => void) {
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits('-1');
  structured.setLeastSignificantBits('7');
  const id = new shared.UUID();
  id.setStructured(structured);
  const response = new streams.BatchAppendResp();
  response.setCorrelationId(id);
  fill(response);
  return readReply(Buffer.from(response.serializeBinary()));
}

function written(fill: (success: streams.BatchAppendResp.Success) => void) {
  const success = new streams.BatchAppendResp.Success();
  fill(success);
  return replyOf((response) => response.setSuccess(success));
}

function failure(name: string, detail: { serializeBinary(): Uint8Array }): Error {
  const any = new anys.Any();
  any.pack(detail.serializeBinary(), `event_store.client.${name}`);
  const status = new statuses.Status();
  status.setMessage(name);
  status.setDetails(any);
  const { outcome } = replyOf((response) => response.setError(status));
  if ('revision' in outcome) throw new Error('it was not refused');
  return failureOfRefusal(outcome, append);
}

test('an acknowledgement tells revision and place, also the largest', () => {
  const place = new shared.AllStreamPosition();
  place.setCommitPosition('9223372036854775807');
  place.setPreparePosition('12');
  const reply = written((success) => {
    success.setCurrentRevision('5');
    success.setPosition(place);
  });
  const position = { commit: 2n ** 63n - 1n, prepare: 12n };
  expect(reply).toEqual({ number: 7, outcome: { revision: 5n, position } });
});

test('a repeat may be acknowledged without a place', () => {
  const reply = written((success) => {
    success.setCurrentRevision('0');
    success.setNoPosition(new empties.Empty());
  });
  expect(reply.outcome).toEqual({ revision: 0n });
});

test('a conflict tells where the stream is, or that there is none', () => {
  const wrong = new shared.WrongExpectedVersion();
  wrong.setCurrentStreamRevision('0');
  expect(failure('WrongExpectedVersion', wrong)).toEqual(new ConcurrentWrite('s-1', '4', '0'));
  const absent = new shared.WrongExpectedVersion();
  absent.setCurrentNoStream(new empties.Empty());
  expect(failure('WrongExpectedVersion', absent)).toEqual(new ConcurrentWrite('s-1', '4', 'no_stream'));
});

test('all else that is definite is told as what it is, and the rest may be otherwise another time', () => {
  const tooLarge = new shared.MaximumAppendSizeExceeded();
  tooLarge.setMaxappendsize(1_048_576);
  expect(failure('MaximumAppendSizeExceeded', tooLarge)).toEqual(new AppendTooLarge('s-1', NaN, 1_048_576));
  expect(failure('StreamDeleted', new shared.StreamDeleted())).toEqual(new StreamDeleted('s-1'));
  expect(failure('AccessDenied', new shared.AccessDenied())).toBeInstanceOf(EventStoreMisconfigured);
  const malformed = new shared.BadRequest();
  malformed.setMessage('no event type');
  expect(failure('BadRequest', malformed)).toEqual(new AppendRefused('s-1', 'no event type'));
  expect(failure('Timeout', new shared.Timeout()).message).toContain('Timeout');
});
