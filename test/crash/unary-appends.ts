import { setTimeout } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client';
import { type Appended, ConcurrentWrite, type ExpectedRevision, type NewEvent } from '#event-store';

const DEADLINE_MS = 1_000;
const PAUSE_MS = 50;
/** With credentials, which an insecure server ignores, the client sends each append as a call of its own. */
const CREDENTIALS = { username: 'somebody', password: 'something' };

/** Appends one call each, past our adapter: asked again, with the same ids and revision, until the outcome is known. */
export class UnaryAppends {
  readonly #client: EventStoreDBClient;
  #isClosed = false;

  constructor(url: string) {
    this.#client = EventStoreDBClient.connectionString(url);
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const expectedRevision = expected === 'no_stream' ? NO_STREAM : expected;
    const batch = events.map(({ id, type, data, metadata }) => jsonEvent({ id, type, data, metadata }));
    for (;;)
      try {
        const { nextExpectedRevision: revision, position } = await this.#client.appendToStream(stream, batch, {
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
      }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client.dispose();
  }
}
