import type { AnyProjection } from '#kernel';
import { sqlFile } from '#read-store';

/** What looks wrong or is missing in the data: read from the rows of the other projections. Holds no rows. */
export const dataQuality: AnyProjection = {
  name: 'data_quality',
  schema: '',
  analytics: sqlFile(import.meta.url, './analytics.sql'),
  on: {},
};
