export { CannotStart } from './cannot-start.js';
export { startEventNode, type EventNodeOptions, type RunningEventNode } from './event-node.js';
export { freePort, lastingPort } from './ports.js';
export { isAlive } from './processes.js';
export { startPostgres, type PostgresOptions, type RunningPostgres } from './postgres.js';
export { findRunningStack, type StackAddress } from './running-stack.js';
export { removeEmbeddedStack, startEmbeddedStack, type EmbeddedStack, type StackOptions } from './stack.js';
export { removeLeftovers, temporaryFolder } from './temporary-folder.js';
