import type { Pool } from 'pg';
import { schemasOf } from '#read-store';

/** The zone in which readers see days begin and end now, as the last server to start has set it; undefined before the first. */
export async function installedReportingZone(pool: Pool, namespace?: string): Promise<string | undefined> {
  const zone = `${schemasOf(namespace).analytics}.reporting_zone`;
  const { rows: found } = await pool.query<{ is: boolean }>('select to_regproc($1) is not null as is', [zone]);
  if (found[0]?.is !== true) return undefined;
  const { rows } = await pool.query<{ zone: string }>(`select ${zone}() as zone`);
  return rows[0]?.zone;
}
