export { systemAlarm, VirtualClock } from './clocks.js';
export { enforced, type PolicyDefinition, type PolicyLookUp } from './definition.js';
export { freshReaderOn } from './fresh-reader.js';
export { demandPolicies, installPolicies } from './install.js';
export { askForRetry, type Retry } from './retry.js';
export { PolicyRunner, type PolicyRunnerOptions, type PolicyRunnerState, type PolicyRunnerStatus } from './runner.js';
export {
  policiesStatus,
  policyCheckpoints,
  type OutcomeCount,
  type Parked,
  type PoliciesStatus,
  type PolicyStatus,
} from './status.js';
