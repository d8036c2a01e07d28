import { Refusal } from '#kernel';
import type { Codec } from './codec.js';
import { CommandMemory, type Remembered } from './command-memory.js';
import type { CommandResult } from './command.js';
import type { EventStore, StoredEvent } from './event-store.js';

/** What tells one command from another: its id, who gives it, and the fingerprint of what it says. */
export interface Identity {
  readonly stream: string;
  readonly commandId: string;
  readonly actorId: string;
  readonly hash: string;
}

/** The answer as the caller gets it. */
export const resultOf = (
  stream: string,
  { revision, position, events, numbers }: Remembered,
  duplicate: boolean,
): CommandResult => ({ stream, revision, position, events, numbers, duplicate });

/** Finds what a command answered when it was processed, however long ago. */
export class FirstAnswer {
  constructor(
    private readonly store: EventStore,
    private readonly codec: Codec,
  ) {}

  /** The answer if it is remembered. @throws Refusal when the id was used by another actor or for another payload */
  remembered(identity: Identity, memory: CommandMemory): CommandResult | undefined {
    const { stream, commandId, actorId, hash } = identity;
    const answer = memory.get(commandId);
    if (answer === undefined) return undefined;
    if (answer.hash !== hash || answer.actorId !== actorId)
      throw new Refusal('COMMAND_ID_REUSED', { commandId, stream });
    return resultOf(stream, answer, true);
  }

  /** Searches the whole stream for the command's events; asked only of ids that the memory may have forgotten. */
  async searched(identity: Identity): Promise<CommandResult | undefined> {
    const { stream, commandId } = identity;
    const found: StoredEvent[] = [];
    for await (const event of this.store.readStream(this.codec.prefix + stream)) {
      if (isOf(commandId, event)) found.push(event);
      else if (found.length > 0) break;
    }
    const memory = new CommandMemory(1);
    for (const event of await this.codec.decode(found)) memory.learn(event);
    return this.remembered(identity, memory);
  }
}

/** The command's id stands in the metadata in clear. */
const isOf = (commandId: string, { metadata }: StoredEvent): boolean =>
  typeof metadata === 'object' && metadata !== null && 'commandId' in metadata && metadata.commandId === commandId;
