import type { Actor } from '#kernel';

/** True for people, and for the imports and simulations that tell what people did: some decisions are no machine's. */
export const isPerson = ({ kind }: Actor): boolean => kind === 'human' || kind === 'import' || kind === 'simulation';
