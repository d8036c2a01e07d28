import { MessageReader, tagOf } from '#protobuf';
import { CallError, Code } from '../grpc/status.js';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/revisions.js';
import { expectedFromWire } from './expected-revision.js';
import { readProposal, readStreamName, type RawProposal } from './proposed-event.js';

/** One message of a BatchAppend call. */
export interface BatchFragment {
  /** The correlation id as it was sent, to be repeated in the reply. */
  readonly correlationId: Buffer | undefined;
  readonly options: Buffer | undefined;
  readonly proposals: readonly RawProposal[];
  readonly isFinal: boolean;
}

export function readFragment(body: Buffer): BatchFragment {
  const reader = new MessageReader(body);
  let correlationId: Buffer | undefined;
  let options: Buffer | undefined;
  let isFinal = false;
  const proposals: RawProposal[] = [];
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) correlationId = reader.bytes();
    else if (tag === tagOf(2, 2)) options = reader.bytes();
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
  /** As it came: `expectationGiven` says what it means. */
  readonly expected: bigint | undefined;
  /** As it came: `timeoutOf` says how long that is. */
  readonly deadline: Deadline | undefined;
}

interface Deadline {
  readonly kind: 'timestamp' | 'duration';
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Reads what cannot be wrong: what can be is found when a reply can be given. */
export function readBatchOptions(bytes: Buffer): BatchOptions {
  const reader = new MessageReader(bytes);
  let identifier: Buffer | undefined;
  let expected: bigint | undefined;
  let deadline: Deadline | undefined;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) identifier = reader.bytes();
    else if (tag === tagOf(2, 0)) expected = reader.uint64();
    else if (tag === tagOf(6, 2)) deadline = readTime('timestamp', reader.message());
    else if (tag === tagOf(7, 2)) deadline = readTime('duration', reader.message());
    else {
      if (tag === tagOf(3, 2)) expected = NO_STREAM;
      else if (tag === tagOf(4, 2)) expected = ANY;
      else if (tag === tagOf(5, 2)) expected = STREAM_EXISTS;
      reader.skip(tag);
    }
  }
  const stream = identifier ? readStreamName(new MessageReader(identifier)) : '';
  return { identifier, stream, expected, deadline };
}

/** The expectation of a request that names one. */
export function expectationGiven(expected: bigint | undefined): bigint {
  if (expected !== undefined) return expected < 0n ? expected : expectedFromWire(expected);
  const type = 'EventStore.Client.Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase';
  const detail = `'None' is not a valid ${type}`;
  throw new CallError(Code.INVALID_ARGUMENT, `Status(StatusCode="InvalidArgument", Detail="${detail}")`);
}

const SECOND = 1_000_000_000;
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;
const LONGEST_DURATION = 315_576_000_000n;

/** Milliseconds until the caller no longer waits; zero or less when that is past. */
export function timeoutOf(deadline: Deadline | undefined): number | undefined {
  if (!deadline) return undefined;
  const { kind, seconds, nanos } = deadline;
  // .NET counts in ticks of 100 ns.
  const milliseconds = Number(seconds) * 1000 + Math.trunc(nanos / 100) / 1e4;
  if (kind === 'timestamp') {
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= SECOND)
      throw new Error('Timestamp contains invalid values: Seconds={Seconds}; Nanos={Nanos}');
    return milliseconds - Date.now();
  }
  const isContradictory = (seconds < 0n && nanos > 0) || (seconds > 0n && nanos < 0);
  if (seconds < -LONGEST_DURATION || seconds > LONGEST_DURATION || Math.abs(nanos) >= SECOND || isContradictory)
    throw new Error('Duration was not a valid normalized duration');
  return milliseconds;
}

function readTime(kind: Deadline['kind'], reader: MessageReader): Deadline {
  let seconds = 0n;
  let nanos = 0;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 0)) seconds = reader.int64();
    else if (tag === tagOf(2, 0)) nanos = Number(reader.int64());
    else reader.skip(tag);
  }
  return { kind, seconds, nanos };
}
