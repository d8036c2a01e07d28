import type { Pool } from 'pg';
import { z } from 'zod';
import { asNumber, checked, projectionsOf, type AnyReport, type Progress } from '#read-store';

/** What every question takes besides its own parameters. */
export const Waiting = z.object({
  after: z
    .string()
    .regex(/^\d{1,19}$/, 'expected the position that a command answered')
    .transform(BigInt)
    .optional()
    .meta({ description: 'Wait until this position is visible.', example: '4711' }),
  wait: asNumber(z.coerce.number().int().min(0).max(30_000))
    .default(5_000)
    .meta({ description: 'For at most so many milliseconds.' }),
});

/** Where reports are read, and how far their rows are. */
export interface Waited {
  readonly pool: Pool;
  readonly namespace: string | undefined;
  readonly progress: Progress;
}

/**
 * Waits until what the report reads has seen the position in `after` (at most `wait` milliseconds), whatever else may be
 * stuck; returns the other parameters.
 */
export async function afterPosition(
  { pool, namespace, progress }: Waited,
  report: AnyReport,
  { after, wait, ...parameters }: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const asked = checked('waiting read', Waiting, { after, wait });
  if (asked.after !== undefined)
    await progress.waitFor(asked.after, asked.wait, await projectionsOf(pool, namespace, report));
  return parameters;
}
