export { CheckpointMoved, ReadModelBehind } from './failures.js';
export { installReadModels, type ReadModels } from './install.js';
export { migrate, type Migration } from './migrations.js';
export { createPool, inTransaction, withClient, type PoolOptions } from './pool.js';
export { watchProgress, type Positions, type Progress, type ProgressOptions } from './progress.js';
export { runProjections, type RunnerOptions, type RunnerStatus, type RunningProjections } from './runner.js';
export { schemasOf, type Schemas } from './schemas.js';
export type { Delivery, EventSource } from './source.js';
export { sqlFile } from './sql-file.js';
