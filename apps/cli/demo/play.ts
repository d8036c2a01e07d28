import type { Line, Story } from './story.js';

const TOLD_AT_ONCE = 16;

/** Sends stories through the command door, several at once, each in its order. Returns the last position in the log. */
export async function play(url: string, stories: readonly Story[], tick: (commands: number) => void): Promise<bigint> {
  const waiting = stories.values();
  let last = 0n;
  const teller = async () => {
    for (const { lines } of waiting)
      for (const line of lines) {
        const position = await send(url, line);
        if (position > last) last = position;
        tick(1);
      }
  };
  await Promise.all(Array.from({ length: TOLD_AT_ONCE }, teller));
  return last;
}

async function send(url: string, line: Line): Promise<bigint> {
  const response = await post(url, line);
  const answer = await response.text();
  if (!response.ok) throw new Error(`${line.command} ${JSON.stringify(line.fields)} was not accepted: ${answer}`);
  return positionIn(answer);
}

/** Sends one line of a story through the command door, under the line's own id. */
export const post = (url: string, { command, id, fields, actor }: Line, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/commands/${command}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': id,
      'x-actor': actor.id,
      'x-actor-kind': 'simulation',
      'x-actor-name': encodeURIComponent(actor.name),
    },
    body: JSON.stringify(fields),
    ...(signal && { signal }),
  });

/** Where the last event of a command lies, as its reply says. */
export const positionIn = (reply: string): bigint => BigInt(/"position":"(\d+)"/.exec(reply)?.[1] ?? 0);
