import { EventStoreDB, type StoredEvent } from '#event-store';
import { schemasOf } from '#read-store';
import type { TestStack } from '../stack/index.js';

/** What became of one command, in the eyes of who sent it. */
interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the commands of a tenant were answered: each accepted one must be in the log once, each refused one not at all. */
export class Answers {
  readonly #byCommand = new Map<string, Answered[]>();

  note(commandId: string, answer: Answered): void {
    this.#byCommand.set(commandId, [...(this.#byCommand.get(commandId) ?? []), answer]);
  }

  /** Everything that the log of the tenant says otherwise. */
  async contradictions({ eventStoreUrl, namespace }: TestStack): Promise<readonly string[]> {
    const events = await logOf(eventStoreUrl, schemasOf(namespace).prefix);
    const byCommand = new Map<string, StoredEvent[]>();
    for (const event of events) {
      const id = commandOf(event);
      byCommand.set(id, [...(byCommand.get(id) ?? []), event]);
    }
    const ids = new Set(events.map(({ id }) => id));
    return [
      ...(ids.size < events.length ? [`${events.length - ids.size} events are there twice`] : []),
      ...[...this.#byCommand].flatMap(([id, answers]) => [...judge(id, answers, byCommand.get(id) ?? [])]),
    ];
  }
}

function* judge(commandId: string, answers: readonly Answered[], events: readonly StoredEvent[]): Iterable<string> {
  const accepted = answers.find(({ status }) => status === 200)?.body;
  const happened = events.map(({ type }) => type).join();
  if (accepted !== undefined) {
    const told = Array.isArray(accepted['events']) ? accepted['events'].join() : '';
    if (told !== happened) yield `${commandId} was told ${told}, and the log has ${happened}`;
    const last = events.at(-1);
    const at = `${String(accepted['revision'])} at ${String(accepted['position'])}`;
    if (last && at !== `${last.revision} at ${last.position.commit}`)
      yield `${commandId} was told ${at}, and it is not there`;
  } else if (events.length > 0 && answers.every(({ status }) => status < 500))
    yield `${commandId} was refused, and the log has ${happened}`;
}

const commandOf = ({ metadata }: StoredEvent): string =>
  typeof metadata === 'object' && metadata !== null && 'commandId' in metadata ? String(metadata.commandId) : '';

/** Everything under the prefix, oldest first. */
async function logOf(url: string, prefix: string): Promise<readonly StoredEvent[]> {
  const store = new EventStoreDB(url);
  const events: StoredEvent[] = [];
  try {
    for await (const delivery of store.subscribe([prefix], 'start', new AbortController().signal)) {
      if ('event' in delivery) events.push(delivery.event);
      if ('caughtUp' in delivery) break;
    }
    return events;
  } finally {
    await store.close();
  }
}
