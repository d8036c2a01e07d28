import type { RecordedEvent } from '#kernel';

/** What a processed command answered, to be answered again. */
export interface Remembered {
  readonly hash: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly events: readonly string[];
}

/** The commands that made a stream what it is, newest last, up to a bound. */
export class CommandMemory {
  private readonly commands = new Map<string, Remembered>();
  private forgotten = false;

  constructor(private readonly bound: number) {}

  /** True when older commands were pushed out: an id that is not found may still have been used. */
  get isPartial(): boolean {
    return this.forgotten;
  }

  get(commandId: string): Remembered | undefined {
    return this.commands.get(commandId);
  }

  /** Events of one command lie side by side, so the last of them completes its answer. */
  learn({ commandId, commandHash, revision, position, type }: RecordedEvent): void {
    const before = this.commands.get(commandId);
    this.commands.set(commandId, {
      hash: commandHash,
      revision,
      position: position.commit,
      events: [...(before?.events ?? []), type],
    });
    if (this.commands.size <= this.bound) return;
    const [oldest] = this.commands.keys();
    if (oldest !== undefined) this.commands.delete(oldest);
    this.forgotten = true;
  }
}
