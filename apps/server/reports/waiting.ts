import { z } from 'zod';
import { InvalidParameters } from '#read-store';
import type { ReadModels } from '../read-side.module.js';

const Waiting = z.object({
  after: z
    .string()
    .regex(/^\d{1,19}$/, 'expected the position that a command answered')
    .transform(BigInt)
    .optional(),
  wait: z.coerce.number().int().min(0).max(30_000).default(5_000),
});

/** Waits until the read models have seen the position in `after` (at most `wait` milliseconds); returns the other parameters. */
export async function afterPosition(
  models: ReadModels,
  { after, wait, ...parameters }: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { success, data, error } = Waiting.safeParse({ after, wait });
  if (!success)
    throw new InvalidParameters(
      'waiting read',
      error.issues.map(({ path, message }) => ({ field: path.join('.'), problem: message })),
    );
  if (data.after !== undefined) await models.progress.waitFor(data.after, data.wait);
  return parameters;
}
