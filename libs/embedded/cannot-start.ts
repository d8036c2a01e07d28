/** An expected reason why nothing can start. The message names the cause and the remedy, so no stack trace is needed. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
