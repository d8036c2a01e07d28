export * from './command.js';
export * from './command-fields.js';
