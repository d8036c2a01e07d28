export { analystOf, letAnalystIn } from './analyst.js';
export { Backoff } from './backoff.js';
export { isAfter, lastPosition, lastRecordedAt, placeOf } from './batch-fold.js';
export { dropUnseenVersion } from './drop.js';
export type { Log } from './feeder.js';
export { giveUpLeases, LEASE_MS, renewLeases, takeLeases, type Leased } from './lease.js';
export { ReadAhead } from './read-ahead.js';
export { noteOf, type FailureNote } from './failure-note.js';
export { CheckpointMoved, InvalidParameters, NotPossible, ParkedBehind, ReadModelBehind } from './failures.js';
export { demandReadModels, installReadModels, type ReadModels } from './install.js';
export {
  measureLag,
  shownCheckpoints,
  type Checkpoint,
  type CountableLog,
  type Lag,
  type LagMeasurement,
} from './lag.js';
export { demandMigrated, migrate, neverInstalled, type Migration } from './migrations.js';
export { createPool, inTransaction, withClient, type PoolOptions } from './pool.js';
export { watchProgress, type Positions, type Progress, type ProgressOptions } from './progress.js';
export { rebuildProjections, type BuildProgress, type Rebuild } from './rebuild.js';
export { replayDeadLetters, skipDeadLetter, type Repair, type Repaired } from './replay.js';
export {
  newHolder,
  runProjections,
  type RunnerOptions,
  type FedVersion,
  type RunnerStatus,
  type RunnerWatch,
  type RunningProjections,
} from './runner.js';
export { openLetters, versionStatuses, type OpenLetter, type VersionStatus } from './status.js';
export { rollbackProjection, switchProjection, type Switching } from './switch.js';
export { unskip } from './unskip.js';
export { verifyProjections, type ExplainedDifference, type Verification, type Verified } from './verify.js';
export { fingerprint, schemasOf, type Schemas } from './schemas.js';
export { interestOf } from './source.js';
export type { Delivery, Entry, EventSource, Interest, StreamSource, UnreadableEvent } from './source.js';
export { positionOf } from './versions.js';
export { sqlFile } from './sql-file.js';
export * from './report.js';
export { sql, type Sql } from './sql.js';
