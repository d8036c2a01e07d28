export * from './aggregate.js';
export * from './command.js';
export * from './command-fields.js';
export * from './command-loop.js';
