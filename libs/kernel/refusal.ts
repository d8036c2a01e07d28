/** The domain says no. `code` is part of the public API and `details` tell the caller what to do; the message is for people. */
export class Refusal<Code extends string = string> extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: Code,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(code.toLowerCase().replaceAll('_', ' '));
  }
}
