import type { EventStoreDBClient } from '@eventstore/db-client';
import { jsonEvent, NO_STREAM } from '@eventstore/db-client';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { Written } from './append-reply.js';
import type { Append } from './append-request.js';
import { AppendStream } from './append-stream.js';
import { callInside } from './client-guard.js';
import { failureOf } from './outcome.js';

/** The appends of one client: all on one stream, opened for the first of them and again whenever it has ended. */
export class Appends {
  private stream: AppendStream | undefined;
  private opening: Promise<AppendStream | undefined> | undefined;

  constructor(private readonly client: EventStoreDBClient) {}

  /** @throws what is the matter, as the port knows it, or something that leaves the outcome unknown */
  append(append: Append): Promise<Written> {
    if (this.stream?.isOver === false) return this.stream.append(append);
    return this.opened()
      .then((stream) => stream?.append(append) ?? this.byItself(append))
      .catch((error: unknown) => {
        throw failureOf(error, append.stream);
      });
  }

  private opened(): Promise<AppendStream | undefined> {
    return (this.opening ??= this.open().finally(() => (this.opening = undefined)));
  }

  /** Undefined when the server knows no such stream. */
  private async open(): Promise<AppendStream | undefined> {
    const isKnown = await callInside(this.client, 'supports', services.StreamsService.batchAppend);
    return (this.stream = isKnown === true ? await AppendStream.open(this.client) : undefined);
  }

  /** As servers before 21.10 need it: a call for each append, made by the client. */
  private async byItself({ stream, expected, events, deadline }: Append): Promise<Written> {
    const batch = events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
    const { nextExpectedRevision: revision, position } = await this.client.appendToStream(stream, batch, {
      requiresLeader: true,
      expectedRevision: expected === 'no_stream' ? NO_STREAM : expected,
      deadline,
    });
    return position ? { revision, position } : { revision };
  }
}
