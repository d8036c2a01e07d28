/** A field of a command that is wrong by itself. */
export interface CommandProblem {
  /** Its name; parts of it after dots. */
  readonly field: string;
  readonly problem: string;
  /** The command has no such field. */
  readonly isUnknownField: boolean;
}

/** What an import must know of the commands that it may send. */
export interface Commands {
  has(name: string): boolean;
  /** What is wrong with the fields by themselves, before anything is decided. */
  problemsOf(name: string, fields: object): readonly CommandProblem[];
}
