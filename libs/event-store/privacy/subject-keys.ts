export type Keys = ReadonlyMap<string, Buffer>;

/** The keys under which personal data is sealed, one per data subject. Destroying one erases the person. */
export abstract class SubjectKeys {
  /**
   * The keys of these subjects, at once where they are at hand; those that never had one get one.
   * @throws SubjectErased when one was destroyed
   */
  abstract ensure(subjects: readonly string[]): Keys | Promise<Keys>;

  /** The keys that exist; a destroyed one is missing. */
  abstract find(subjects: readonly string[]): Promise<Keys>;

  /** Destroys the keys of these subjects for ever, also of those that never had one. Again: nothing happens. */
  abstract destroy(subjects: readonly string[]): Promise<void>;

  /** Keys of these subjects that are remembered are asked for again. */
  abstract forgetKeys(subjects: readonly string[]): void;
}
