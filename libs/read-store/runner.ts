import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Position } from '#kernel';
import { finishBuilds } from './builds.js';
import { changeVersions } from './change-versions.js';
import { Feeder, type FeederState, type Log } from './feeder.js';
import { showDeclared, type ReadModels } from './install.js';
import { giveUpLeases, versionLeases } from './lease.js';
import { schemasOf } from './schemas.js';
import type { EventSource } from './source.js';
import type { VersionState } from './versions.js';

const LARGEST_BATCH = 5_000;
/** Folding more events at once makes fewer rows; nobody waits for a build batch by batch. */
export const LARGEST_BUILD_BATCH = 10_000;

export interface RunnerOptions extends ReadModels {
  readonly source: EventSource;
  readonly log?: Log;
  readonly largestBatch?: number;
  /** How long this process may be silent before another one takes over. */
  readonly leaseMs?: number;
  readonly watch?: RunnerWatch;
}

/** Told what a runner does, for whoever measures it. */
export interface RunnerWatch {
  applied(work: 'follow' | 'build', deliveries: number, ms: number): void;
  failed(error: unknown): void;
}

export interface RunnerStatus {
  /** `standing by` while another process feeds the projections. */
  readonly state: FeederState;
  /** Deliveries read and not yet written. */
  readonly waiting: number;
  readonly lastError?: { readonly message: string; readonly at: string };
  readonly projections: readonly FedVersion[];
}

/** A version that this runner feeds. */
export interface FedVersion {
  readonly name: string;
  readonly schema: string;
  readonly state: VersionState;
  readonly position: Position | undefined;
  /** Streams whose events wait in dead letters: above zero the projection is degraded. */
  readonly parkedStreams: number;
}

/** Keeps the read models up with the log until stopped. */
export interface RunningProjections {
  status(): RunnerStatus;
  /** Finishes the batch under way, stops, and lets another process take over. */
  stop(): Promise<void>;
}

/** The name under which a process holds what it feeds. */
export const newHolder = () => `${hostname()}:${process.pid}:${randomUUID()}`;

/** One reader of the log feeds all projections; changed ones are built beside it from the beginning. */
export function runProjections(options: RunnerOptions) {
  const { pool, namespace, projections, source, log, largestBatch, leaseMs, watch } = options;
  const schemas = schemasOf(namespace);
  const holder = newHolder();
  const told = (work: 'follow' | 'build') => ({
    applied: (_: unknown, deliveries: number, ms: number) => watch?.applied(work, deliveries, ms),
    failed: (error: unknown) => watch?.failed(error),
  });
  const common = { pool, schemas, projections, source, holder, log, leaseMs };
  const follower = new Feeder({
    ...common,
    ...told('follow'),
    states: ['ready', 'living', 'kept', 'rejected'],
    largestBatch: largestBatch ?? LARGEST_BATCH,
    caughtUp: async (versions) => {
      if (!versions.some(({ state }) => state === 'ready')) return 'go on';
      return (await changeVersions(pool, schemas, (client) => showDeclared(client, schemas, projections)))
        ? 'over'
        : 'go on';
    },
  });
  const builder = new Feeder({
    ...common,
    ...told('build'),
    states: ['building'],
    largestBatch: largestBatch ?? LARGEST_BUILD_BATCH,
    isBuild: true,
    caughtUp: async (versions) => {
      await finishBuilds(pool, schemas, versions);
      return 'over';
    },
  });
  const stopped = new AbortController();
  const ended = Promise.all([follower.run(stopped.signal), builder.run(stopped.signal)]);
  const running: RunningProjections = {
    status: () => statusOf(follower, builder),
    stop: async () => {
      stopped.abort();
      await ended;
      await giveUpLeases(pool, versionLeases(schemas), holder).catch(() => undefined);
    },
  };
  return running;
}

function statusOf(follower: Feeder, builder: Feeder): RunnerStatus {
  const lastError = follower.lastError ?? builder.lastError;
  return {
    state: follower.state,
    waiting: follower.ahead?.waiting ?? 0,
    ...(lastError && { lastError }),
    projections: [...fedBy(follower), ...fedBy(builder)],
  };
}

const fedBy = ({ projector }: Feeder): readonly FedVersion[] =>
  (projector?.travellers() ?? []).map(({ version, reached, parked }) => ({
    name: version.projection.name,
    schema: version.schema,
    state: version.state,
    position: reached,
    parkedStreams: parked.size,
  }));
