import type { AnyProjection } from '#kernel';
import type { Pool } from 'pg';
import { fingerprint, schemasOf } from './schemas.js';
import type { VersionState } from './versions.js';

/** One version of a projection as Postgres has it, whichever process feeds it. */
export interface VersionStatus {
  readonly projection: string;
  readonly schema: string;
  readonly state: VersionState;
  /** Whether it is built from the projection as this program declares it. */
  readonly isDeclared: boolean;
  readonly commit: bigint | undefined;
  /** When the last event that it applied was recorded. */
  readonly recordedAt: string | undefined;
  readonly movedAt: string | undefined;
  /** Who feeds it; undefined when nobody does. */
  readonly holder: string | undefined;
  readonly parkedStreams: number;
  readonly parkedEvents: number;
  /** Events that an operator gave up: of this projection, whatever the version. */
  readonly skippedEvents: number;
}

/** A parked event that waits for an operator. */
export interface OpenLetter {
  readonly version: string;
  readonly stream: string;
  readonly revision: number;
  readonly eventType: string;
  readonly fault: string;
  readonly reason: string;
  readonly stack: string | null;
  readonly parkedAt: string;
  /** How many later events of the stream wait behind it. */
  readonly waiting: number;
}

interface Reading {
  readonly pool: Pool;
  readonly namespace?: string | undefined;
  readonly projections: readonly AnyProjection[];
}

type StatusRow = Omit<VersionStatus, 'isDeclared' | 'commit' | 'recordedAt' | 'movedAt' | 'holder'> & {
  readonly fingerprint: string;
  readonly commit: string | null;
  readonly recordedAt: string | null;
  readonly movedAt: string | null;
  readonly holder: string | null;
};

/** All versions of all projections, as they stand now. */
export async function versionStatuses({ pool, namespace, projections }: Reading): Promise<readonly VersionStatus[]> {
  const { readStore } = schemasOf(namespace);
  const declared = new Set(projections.map(fingerprint));
  const { rows } = await pool.query<StatusRow>(
    `select projection, version.schema_name as schema, state, fingerprint, version.commit::text, recorded_at as "recordedAt",
       moved_at as "movedAt", case when held_until > clock_timestamp() then holder end as holder,
       count(distinct letter.stream) as "parkedStreams", count(letter.stream) as "parkedEvents",
       (select count(*) from ${readStore}.skipped_events as skipped
        where skipped.projection = version.projection) as "skippedEvents"
     from ${readStore}.versions as version
     left join ${readStore}.dead_letters as letter
       on letter.schema_name = version.schema_name and letter.resolution is null
     group by version.schema_name order by place, projection, created_at`,
  );
  return rows.map(({ fingerprint: own, commit, recordedAt, movedAt, holder, ...row }) => ({
    ...row,
    isDeclared: declared.has(own),
    commit: commit === null ? undefined : BigInt(commit),
    recordedAt: recordedAt ?? undefined,
    movedAt: movedAt ?? undefined,
    holder: holder ?? undefined,
  }));
}

/** What waits to be replayed or skipped: the first parked event of each stream, which holds up the others. */
export async function openLetters({ pool, namespace }: Omit<Reading, 'projections'>): Promise<readonly OpenLetter[]> {
  const { readStore } = schemasOf(namespace);
  const { rows } = await pool.query<OpenLetter>(
    `select distinct on (schema_name, stream) schema_name as version, stream, revision, event_type as "eventType",
       fault, reason, stack, parked_at as "parkedAt", count(*) over (partition by schema_name, stream) - 1 as waiting
     from ${readStore}.dead_letters where resolution is null order by schema_name, stream, revision`,
  );
  return rows;
}
