import { Metadata, status, type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import anys from 'google-protobuf/google/protobuf/any_pb.js';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';

/** An append as it came over the wire. */
export interface ScriptedAppend {
  readonly stream: string;
  readonly expected: 'any' | 'no_stream' | 'stream_exists' | bigint;
  readonly events: readonly { readonly id: string; readonly type: string; readonly data: string }[];
  /** What the server may answer to it; it may also stay silent. */
  readonly reply: AppendReply;
}

/** An event that the scripted server reads out. */
export interface ScriptedEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly type?: string;
  readonly data?: unknown;
}

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

/** The answers to one append. */
export class AppendReply {
  constructor(
    private readonly call: BatchCall,
    private readonly request: streams.BatchAppendReq,
  ) {}

  written(revision: bigint, position: bigint | 'nowhere' = revision * 100n): void {
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision(String(revision));
    if (position === 'nowhere') success.setNoPosition(new empties.Empty());
    else {
      const place = new shared.AllStreamPosition();
      place.setCommitPosition(String(position));
      place.setPreparePosition(String(position));
      success.setPosition(place);
    }
    const response = this.response();
    response.setSuccess(success);
    this.call.write(response);
  }

  wrongExpectedVersion(current: bigint): void {
    const detail = new shared.WrongExpectedVersion();
    detail.setCurrentStreamRevision(String(current));
    detail.setExpectedNoStream(new empties.Empty());
    this.failed(detail.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  }

  deleted(): void {
    this.failed(new shared.StreamDeleted().serializeBinary(), 'event_store.client.StreamDeleted');
  }

  /** What a server says of a repeat whose first attempt it is still working on. */
  timedOut(): void {
    this.failed(new shared.Timeout().serializeBinary(), 'event_store.client.Timeout');
  }

  denied(): void {
    this.failed(new shared.AccessDenied().serializeBinary(), 'event_store.client.AccessDenied');
  }

  malformed(why: string): void {
    const detail = new shared.BadRequest();
    detail.setMessage(why);
    this.failed(detail.serializeBinary(), 'event_store.client.BadRequest');
  }

  notReady(): void {
    this.failed(new Uint8Array(), 'google.protobuf.Empty', 'Server Is Not Ready');
  }

  /** An answer that the client cannot read. */
  gibberish(): void {
    const response = this.response();
    response.setError(new statuses.Status());
    this.call.write(response);
  }

  /** The stream of all appends ends in good order, with nothing more said. */
  end(): void {
    this.call.end();
  }

  /** The stream of all appends breaks. */
  break(code: status, trailers: Readonly<Record<string, string>> = {}): void {
    fail(this.call, code, trailers);
  }

  private failed(detail: Uint8Array, type: string, message = type): void {
    const any = new anys.Any();
    any.pack(detail, type);
    const error = new statuses.Status();
    error.setMessage(message);
    error.setDetails(any);
    const response = this.response();
    response.setError(error);
    this.call.write(response);
  }

  private response(): streams.BatchAppendResp {
    const response = new streams.BatchAppendResp();
    response.setCorrelationId(this.request.getCorrelationId());
    response.setStreamIdentifier(this.request.getOptions()?.getStreamIdentifier());
    return response;
  }
}

/** A read or subscription as it came over the wire, and what the server may say to it, in any order and at any time. */
export class ScriptedRead {
  readonly stream: string | undefined;
  readonly revision: bigint | undefined;
  readonly position: bigint | undefined;
  readonly prepare: bigint | undefined;
  /** Of the streams it wants; empty without a filter. */
  readonly prefixes: readonly string[];
  readonly isSubscription: boolean;
  readonly isBackwards: boolean;
  /** The caller has gone, or has called it off. */
  cancelled = false;

  constructor(private readonly call: ReadCall) {
    const options = call.request.getOptions();
    const stream = options?.getStream();
    this.stream = stream && nameOf(stream.getStreamIdentifier());
    this.revision = stream?.hasRevision() ? BigInt(stream.getRevision()) : undefined;
    const place = options?.getAll()?.getPosition();
    this.position = place && BigInt(place.getCommitPosition());
    this.prepare = place && BigInt(place.getPreparePosition());
    this.prefixes = options?.getFilter()?.getStreamIdentifier()?.getPrefixList() ?? [];
    this.isSubscription = options?.hasSubscription() ?? false;
    this.isBackwards = Number(options?.getReadDirection()) === 1;
    call.on('cancelled', () => (this.cancelled = true));
  }

  confirm(): this {
    const confirmation = new streams.ReadResp.SubscriptionConfirmation();
    confirmation.setSubscriptionId('scripted');
    return this.say((response) => response.setConfirmation(confirmation));
  }

  event({ stream, revision, position, type = 'Happened', data = {} }: ScriptedEvent): this {
    const id = new shared.UUID();
    id.setString(`00000000-0000-4000-8000-${String(position).padStart(12, '0')}`);
    const name = new shared.StreamIdentifier();
    name.setStreamName(Buffer.from(stream));
    const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
    recorded.setId(id);
    recorded.setStreamIdentifier(name);
    recorded.setStreamRevision(String(revision));
    recorded.setCommitPosition(String(position));
    recorded.setPreparePosition(String(position));
    recorded.getMetadataMap().set('type', type).set('content-type', 'application/json').set('created', '0');
    recorded.setData(Buffer.from(JSON.stringify(data)));
    const event = new streams.ReadResp.ReadEvent();
    event.setEvent(recorded);
    event.setCommitPosition(String(position));
    return this.say((response) => response.setEvent(event));
  }

  checkpoint(position: bigint, prepare = position): this {
    const checkpoint = new streams.ReadResp.Checkpoint();
    checkpoint.setCommitPosition(String(position));
    checkpoint.setPreparePosition(String(prepare));
    return this.say((response) => response.setCheckpoint(checkpoint));
  }

  caughtUp(): this {
    return this.say((response) => response.setCaughtUp(new streams.ReadResp.CaughtUp()));
  }

  fellBehind(): this {
    return this.say((response) => response.setFellBehind(new streams.ReadResp.FellBehind()));
  }

  notFound(): void {
    const notFound = new streams.ReadResp.StreamNotFound();
    notFound.setStreamIdentifier(this.call.request.getOptions()?.getStream()?.getStreamIdentifier());
    this.say((response) => response.setStreamNotFound(notFound)).end();
  }

  end(): void {
    this.call.end();
  }

  fail(code: status, trailers: Readonly<Record<string, string>> = {}): void {
    fail(this.call, code, trailers);
  }

  private say(fill: (response: streams.ReadResp) => void): this {
    const response = new streams.ReadResp();
    fill(response);
    this.call.write(response);
    return this;
  }
}

/** Trailers by which a server sends its caller to another. */
export const notLeader = (host: string, port: number) => ({
  exception: 'not-leader',
  'leader-endpoint-host': host,
  'leader-endpoint-port': String(port),
});

export const nameOf = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();

function fail(call: BatchCall | ReadCall, code: status, trailers: Readonly<Record<string, string>>): void {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  call.emit('error', { code, details: `scripted ${status[code]}`, metadata });
}
