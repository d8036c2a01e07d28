/** What holds from a day on, until the next entry of its line. */
export interface Since<T> {
  /** Empty: as far back as we know. */
  readonly day: string;
  readonly value: T;
}

/** What holds on a day, if anything does. */
export const heldOn = <T>(line: readonly Since<T>[], day: string): T | undefined =>
  line.findLast((entry) => entry.day <= day)?.value;

/** The line with one more entry in its place; another entry of the same day gives way. */
export const held = <T>(line: readonly Since<T>[], added: Since<T>): readonly Since<T>[] => [
  ...line.filter(({ day }) => day < added.day),
  added,
  ...line.filter(({ day }) => day > added.day),
];
