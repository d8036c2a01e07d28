/**
 * Errors that nothing awaits: the official clients let some escape, a few only when the case that caused them is over.
 * They must not end the process that plays; whoever plays a case takes those of its steps.
 */
export class StrayErrors {
  private readonly caught: unknown[] = [];

  constructor() {
    process.on('uncaughtException', (error) => {
      this.caught.push(error);
    });
  }

  /** Those since the last time. */
  take(): unknown[] {
    return this.caught.splice(0);
  }
}
