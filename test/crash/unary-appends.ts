import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client';
import { type Appended, ConcurrentWrite, type ExpectedRevision, type NewEvent } from '#event-store';

const DEADLINE_MS = 1_000;
const PAUSE_MS = 50;
const KEEP_ALIVE_MS = 10_000;
/** With credentials, which an insecure server ignores, the client sends each append as a call of its own. */
const CREDENTIALS = { username: 'somebody', password: 'something' };

/** Appends one call each, past our adapter: asked again, with the same ids and revision, until the outcome is known. */
export class UnaryAppends {
  #client: EventStoreDBClient;
  #clients = 0;
  #isClosed = false;

  constructor(private readonly url: string) {
    this.#client = this.#newClient();
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const expectedRevision = expected === 'no_stream' ? NO_STREAM : expected;
    const batch = events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
    for (;;) {
      const client = this.#client;
      try {
        const { nextExpectedRevision: revision, position } = await client.appendToStream(stream, batch, {
          expectedRevision,
          credentials: CREDENTIALS,
          deadline: DEADLINE_MS,
        });
        return { revision, position: { commit: position?.commit ?? -1n, prepare: position?.prepare ?? -1n } };
      } catch (error) {
        if (error instanceof WrongExpectedVersionError)
          throw new ConcurrentWrite(stream, String(expected), String(error.actualVersion));
        if (this.#isClosed) throw error;
        await setTimeout(PAUSE_MS);
        if (client === this.#client) await this.#replace(client);
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client.dispose();
  }

  /** A client whose server is away pauses for seconds before it connects again. */
  async #replace(client: EventStoreDBClient): Promise<void> {
    this.#client = this.#newClient();
    await client.dispose();
  }

  /** Clients with equal settings share a connection, with its pauses. */
  #newClient(): EventStoreDBClient {
    return EventStoreDBClient.connectionString(`${this.url}&keepAliveInterval=${KEEP_ALIVE_MS + this.#clients++}`);
  }
}
