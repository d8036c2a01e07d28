/** The frozen configuration. */
export const CONFIGURATION = Symbol('configuration');
/** The clock: of this machine, or a virtual one in simulations. */
export const CLOCK = Symbol('clock');
/** The Postgres pool of the read models and keys. */
export const POOL = Symbol('pool');
