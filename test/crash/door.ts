/** What a door says to a command. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** Whether it says that an earlier attempt had done it. */
  readonly isReplayed: boolean;
}

/** A command on its way through a door. */
export interface Sent {
  readonly command: string;
  readonly fields: object;
  readonly id: string;
  readonly actorId: string;
}

/** Sends a command once; undefined when the connection broke before the answer, or it took longer than `patienceMs`. */
export async function post(
  door: string,
  { command, fields, id, actorId }: Sent,
  patienceMs = 5_000,
): Promise<Answer | undefined> {
  try {
    const response = await fetch(`${door}/commands/${command}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id, 'x-actor': actorId },
      body: JSON.stringify(fields),
      signal: AbortSignal.timeout(patienceMs),
    });
    const isReplayed = response.headers.get('idempotent-replayed') !== null;
    return { status: response.status, text: await response.text(), isReplayed };
  } catch {
    return undefined;
  }
}
