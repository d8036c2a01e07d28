import { createHash } from 'node:crypto';
import { SubjectErased, SubjectKeys } from '#event-store';

/** Keys that follow from the subject's name, so that what a test seals can be read in another run; without Postgres. */
export class FixedKeys extends SubjectKeys {
  private readonly destroyed = new Set<string>();

  override ensure(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const erased = subjects.find((subject) => this.destroyed.has(subject));
    return erased === undefined ? this.find(subjects) : Promise.reject(new SubjectErased(erased));
  }

  override find(subjects: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const living = subjects.filter((subject) => !this.destroyed.has(subject));
    return Promise.resolve(new Map(living.map((subject) => [subject, keyOf(subject)])));
  }

  override destroy(subjects: readonly string[]): Promise<void> {
    for (const subject of subjects) this.destroyed.add(subject);
    return Promise.resolve();
  }

  override forgetKeys(_: readonly string[]): void {
    // Nothing is remembered.
  }
}

const keyOf = (subject: string): Buffer => createHash('sha256').update(`test key of ${subject}`).digest();
