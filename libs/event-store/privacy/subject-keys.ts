/** The keys under which personal data is sealed, one per data subject. Destroying one erases the person. */
export abstract class SubjectKeys {
  /** The keys of these subjects; those that never had one get one. */
  abstract ensure(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;

  /** The keys that exist; a destroyed one is missing. */
  abstract find(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>>;
}
