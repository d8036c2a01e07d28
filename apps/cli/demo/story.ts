/** One command of a story: who sends it, and when it happened. */
export interface Line {
  readonly command: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly actor: Person;
}

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Commands that come one after another; several stories are played at once. */
export class Story {
  readonly lines: Line[] = [];

  /** `at` is an instant; ids are made from the story's name, so that playing it twice changes nothing. */
  constructor(
    private readonly name: string,
    private at: Date,
  ) {}

  tell(actor: Person, command: string, fields: object, reason?: string): this {
    const id = `${this.name}-${this.lines.length}`;
    const why = reason === undefined ? {} : { reason: { code: reason } };
    this.lines.push({ command, id, actor, fields: { ...fields, ...why, occurredAt: this.at.toISOString() } });
    return this;
  }

  /** Lets time pass; true while the story has not run into the end of what is told. */
  later(hours: number, end: Date): boolean {
    this.at = new Date(this.at.getTime() + hours * 3_600_000);
    return this.at < end;
  }

  /** The day on which the story has arrived. */
  get today(): string {
    return this.at.toISOString().slice(0, 10);
  }
}
