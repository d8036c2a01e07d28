import { z } from 'zod';
import type { CommandOutcome } from '#import';

/** What the import must know of problem details. */
export const problem = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z
    .array(z.object({ field: z.string(), problem: z.string() }))
    .readonly()
    .optional(),
});

/** Codes after which the same command may fare better. */
export const MAY_PASS = new Set(['EVENT_STORE_UNAVAILABLE', 'EVENT_STORE_MISCONFIGURED', 'CONCURRENT_WRITE']);

/** What a problem means to the row whose command met it. */
export function outcomeOf({ code, detail, errors = [] }: Readonly<z.output<typeof problem>>): CommandOutcome {
  if (code === 'COMMAND_ID_REUSED')
    return { outcome: 'differing', events: 0, code, message: 'was imported before with other content' };
  if (code !== 'INVALID_COMMAND') return { outcome: 'refused', events: 0, code, message: detail };
  const [first] = errors;
  return { outcome: 'invalid', events: 0, code, message: first?.problem ?? detail, field: first?.field };
}
