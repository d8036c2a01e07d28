/**
 * Faults on demand, for every test that must see one: a proxy in front of a real event store, and an event store that
 * does as the test says. Both are switched while they run, and listen on loopback only.
 */
export { testAuthority, type TestAuthority } from './certificates.js';
export { FaultProxy } from './fault-proxy.js';
export * from './scripted-calls.js';
export { type Certificate, ScriptedServer, type Script } from './scripted-server.js';
export { until } from './until.js';
