/**
 * Faults on demand, for every test that must see one: a proxy in front of a real event store, an event store that does
 * as the test says, and the event node as a program whose processes can be killed. All listen on loopback only.
 */
export { testAuthority, type TestAuthority } from './certificates.js';
export { FaultProxy } from './fault-proxy.js';
export { kill } from './kill.js';
export { NodeProgram, type Processes } from './node-program.js';
export * from './scripted-calls.js';
export { type Certificate, ScriptedServer, type Script } from './scripted-server.js';
export { until, within } from './until.js';
