import type { RecordedEvent } from '#kernel';
import { IdFilter } from './id-filter.js';
import { numbersIn } from './numbers.js';

/** What a processed command answered, to be answered again. */
export interface Remembered {
  readonly hash: string;
  readonly actorId: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly events: readonly string[];
  readonly numbers?: Readonly<Record<string, string>>;
}

/** What is learnt of an event. */
export type Learnt = Pick<RecordedEvent, 'commandId' | 'commandHash' | 'actor' | 'revision' | 'type' | 'data'> & {
  readonly position: Pick<RecordedEvent['position'], 'commit'>;
};

/**
 * The commands that made a stream what it is: the newest with their answers, up to a bound; of all older ones only
 * whether an id may have been among them. Events are learnt in order and once, however often they come, so that all who
 * fold the stream may share one memory.
 */
export class CommandMemory {
  private readonly commands = new Map<string, Remembered>();
  private forgotten: IdFilter | undefined;
  private known = -1n;

  constructor(private readonly bound: number) {}

  get(commandId: string): Remembered | undefined {
    return this.commands.get(commandId);
  }

  /** False when the command was certainly never processed; true when the stream must be searched for it. */
  mayHaveForgotten(commandId: string): boolean {
    return this.forgotten?.mayHold(commandId) === true;
  }

  /** Events of one command lie side by side, so the last of them completes its answer. */
  learn({ commandId, commandHash, actor, revision, position, type, data }: Learnt): void {
    const before = this.commands.get(commandId);
    const events = before === undefined ? [type] : [...before.events, type];
    const numbers = before?.numbers ?? numbersIn(data);
    this.remember(commandId, {
      hash: commandHash,
      actorId: actor.id,
      revision,
      position: position.commit,
      events,
      numbers,
    });
  }

  /** The whole answer of one command, whose events are the next that nobody has learnt yet. */
  remember(commandId: string, answer: Remembered): void {
    if (answer.revision <= this.known) return;
    this.known = answer.revision;
    this.commands.set(commandId, answer);
    if (this.commands.size > this.bound) this.forgetOldest();
  }

  private forgetOldest(): void {
    for (const oldest of this.commands.keys()) {
      this.commands.delete(oldest);
      this.forgotten ??= new IdFilter();
      this.forgotten.add(oldest);
      return;
    }
  }
}
