import { z } from 'zod';
import { checked } from '#read-store';
import type { ReadModels } from '../read-side.module.js';

/** What every question takes besides its own parameters. */
export const Waiting = z.object({
  after: z
    .string()
    .regex(/^\d{1,19}$/, 'expected the position that a command answered')
    .transform(BigInt)
    .optional()
    .meta({ description: 'Wait until this position is visible.', example: '4711' }),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(30_000)
    .default(5_000)
    .meta({ description: 'For at most so many milliseconds.' }),
});

/** Waits until the read models have seen the position in `after` (at most `wait` milliseconds); returns the other parameters. */
export async function afterPosition(
  models: ReadModels,
  { after, wait, ...parameters }: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const asked = checked('waiting read', Waiting, { after, wait });
  if (asked.after !== undefined) await models.progress.waitFor(asked.after, asked.wait);
  return parameters;
}
