import { v5 } from 'uuid';

const NAMESPACE = 'b9a5c6f0-6f0c-5d6e-9a30-1d7c5b1f7e02';

/** The id of the n-th event that a command causes in a stream: a retry makes the same, another stream never does. */
export const eventIdOf = (commandId: string, stream: string, index: number): string =>
  v5(`${commandId}/${stream}/${index}`, NAMESPACE);
