import type { Pool } from 'pg';
import type { ReadState } from '#event-store';
import type { Clock } from '#kernel';
import type { Traveller } from './install.js';
import type { Reactor } from './reactor.js';

/** What a session works with: the policies it holds and what carries out their reactions. */
export interface Workshop {
  readonly pool: Pool;
  readonly schema: string;
  readonly clock: Clock;
  readonly travellers: readonly Traveller[];
  readonly reactor: Reactor;
  /** Reads folded streams as they are from now on, each once. */
  readonly freshReader: () => ReadState;
}

/** How many reactions are under way side by side. */
export const AT_ONCE = 32;
