import fc from 'fast-check';

/**
 * Property tests draw other cases each time, to find what nobody has thought of. Not in CI: what it says of a commit
 * must not be chance.
 */
if (process.env['CI'] !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_128 });

export { default as fc } from 'fast-check';
