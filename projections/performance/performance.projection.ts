import type { AnyProjection } from '#kernel';
import { sqlFile } from '#read-store';

/** What was won, lost and left open, by whom and how fast: read from the rows of the opportunity funnel. Holds no rows. */
export const performance: AnyProjection = {
  name: 'performance',
  schema: '',
  analytics: sqlFile(import.meta.url, './analytics.sql'),
  on: {},
};
