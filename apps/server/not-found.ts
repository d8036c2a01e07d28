/** Somebody asked for a thing that is not there. */
export class NotFound extends Error {
  override readonly name = 'NotFound';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
