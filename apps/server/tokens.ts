/** The frozen configuration. */
export const CONFIGURATION = Symbol('configuration');
/** The Postgres pool of the read models and keys. */
export const POOL = Symbol('pool');
