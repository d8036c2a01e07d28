import { CallError, Code } from '../grpc/status.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/revisions.js';
import { expectedFromWire } from './expected-revision.js';
import { readProposal, readStreamName, type RawProposal } from './proposed-event.js';
import { FieldReader, tagOf } from './reader.js';

/** One message of a BatchAppend call. */
export interface BatchFragment {
  /** The correlation id as it was sent, to be repeated in the reply. */
  readonly correlationId: Buffer | undefined;
  readonly options: Buffer | undefined;
  readonly proposals: readonly RawProposal[];
  readonly isFinal: boolean;
}

export function readFragment(body: Buffer): BatchFragment {
  const reader = new FieldReader(body);
  let correlationId: Buffer | undefined;
  let options: Buffer | undefined;
  let isFinal = false;
  const proposals: RawProposal[] = [];
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) correlationId = reader.bytesField();
    else if (tag === tagOf(2, 2)) options = reader.bytesField();
    else if (tag === tagOf(3, 2)) proposals.push(readProposal(reader.message()));
    else if (tag === tagOf(4, 0)) isFinal = reader.bool();
    else reader.skip(tag);
  }
  return { correlationId, options, proposals, isFinal };
}

export interface BatchOptions {
  /** The StreamIdentifier message as it was sent; undefined when there was none. */
  readonly identifier: Buffer | undefined;
  readonly stream: string;
  readonly expected: bigint | undefined;
  /** Milliseconds until the caller no longer waits; zero or less when that is past. */
  readonly timeout: number | undefined;
}

/** Reads what cannot be wrong; the checks come with `checkBatchOptions`, when a reply can be given. */
export function readBatchOptions(bytes: Buffer): BatchOptions & { readonly problem: Error | undefined } {
  const reader = new FieldReader(bytes);
  let identifier: Buffer | undefined;
  let expected: bigint | undefined;
  let timeout: number | undefined;
  let problem: Error | undefined;
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      problem ??= error instanceof Error ? error : new Error(String(error));
      return undefined;
    }
  };
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) identifier = reader.bytesField();
    else if (tag === tagOf(2, 0)) {
      const revision = reader.uint64();
      expected = attempt(() => expectedFromWire(revision)) ?? expected;
    } else if (tag === tagOf(6, 2)) {
      const at = readTime(reader.message());
      timeout = attempt(() => untilTimestamp(at));
    } else if (tag === tagOf(7, 2)) {
      const { seconds, nanos } = readTime(reader.message());
      timeout = Number(seconds) * 1000 + nanos / 1e6;
    } else {
      if (tag === tagOf(3, 2)) expected = NO_STREAM;
      else if (tag === tagOf(4, 2)) expected = ANY;
      else if (tag === tagOf(5, 2)) expected = STREAM_EXISTS;
      reader.skip(tag);
    }
  }
  const stream = identifier ? readStreamName(new FieldReader(identifier)) : '';
  return { identifier, stream, expected, timeout, problem };
}

/** The expectation of a request that names one. */
export function expectationGiven(expected: bigint | undefined): bigint {
  if (expected !== undefined) return expected;
  const type = 'EventStore.Client.Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase';
  const detail = `'None' is not a valid ${type}`;
  throw new CallError(Code.INVALID_ARGUMENT, `Status(StatusCode="InvalidArgument", Detail="${detail}")`);
}

const LAST_SECOND = 253_402_300_799n;

function untilTimestamp({ seconds, nanos }: { seconds: bigint; nanos: number }): number {
  if (seconds > LAST_SECOND) throw new Error('Timestamp contains invalid values: Seconds={Seconds}; Nanos={Nanos}');
  return Number(seconds) * 1000 + nanos / 1e6 - Date.now();
}

function readTime(reader: FieldReader): { seconds: bigint; nanos: number } {
  let seconds = 0n;
  let nanos = 0;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 0)) seconds = reader.int64();
    else if (tag === tagOf(2, 0)) nanos = Number(reader.int64());
    else reader.skip(tag);
  }
  return { seconds, nanos };
}
