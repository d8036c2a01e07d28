import type { LogDatabase } from './database.js';

/** Below it all positions may have been given out, to appends of no events that left nothing else. */
export async function horizonOf(database: LogDatabase): Promise<bigint> {
  const { rows } = await database.query<{ position: string }>({ text: 'select position from event_log.horizon' });
  return BigInt(rows[0]?.position ?? 0);
}

/** Only ever moves on, whoever else holds the log by then. */
export async function setHorizon(database: LogDatabase, below: bigint): Promise<void> {
  await database.query({
    text: `insert into event_log.horizon (position) values ($1)
      on conflict (only_row) do update set position = greatest(horizon.position, excluded.position)`,
    values: [below.toString()],
  });
}
