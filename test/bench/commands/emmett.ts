import { CommandHandler, type Event } from '@event-driven-io/emmett';
import { getPostgreSQLEventStore, type PostgresEventStore } from '@event-driven-io/emmett-postgresql';
import type { Grounds } from './grounds.js';
import { dataOf, metadataOf, PROFILE } from './people.js';
import { forEach, type Turn } from './workload.js';

type Data = ReturnType<typeof dataOf>;
type Metadata = ReturnType<typeof metadataOf>;
type LeadEvent =
  | Event<'LeadCaptured', { leadId: string; name: string }>
  | Event<'LeadClaimed', Data, Metadata>
  | Event<'LeadReturned', Data, Metadata>;

interface Lead {
  readonly ownerId?: string | undefined;
}

/** Emmett's command handler on its Postgres store, as its documentation shows it. */
export class Emmett {
  private readonly store: PostgresEventStore;
  private readonly handle = CommandHandler<Lead, LeadEvent>({
    initialState: () => ({}),
    evolve: (_, { type, data }) => (type === 'LeadClaimed' ? { ownerId: data.claimantId } : {}),
    mapToStreamId: (id) => `lead-${id}`,
  });

  constructor({ databaseUrl }: Grounds) {
    this.store = getPostgreSQLEventStore(databaseUrl);
  }

  async prepare(): Promise<void> {
    await this.store.schema.migrate();
  }

  capture(leads: readonly string[]): Promise<void> {
    return forEach(leads, (leadId) =>
      this.store.appendToStream<LeadEvent>(`lead-${leadId}`, [
        { type: 'LeadCaptured', data: { leadId, name: PROFILE.name } },
      ]),
    );
  }

  act(leadId: string, turn: Turn): Promise<unknown> {
    return this.handle(this.store, leadId, ({ ownerId }) => ({
      type: ownerId === undefined ? 'LeadClaimed' : 'LeadReturned',
      data: dataOf(leadId, turn),
      metadata: metadataOf(turn),
    }));
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
