import type { Position } from '#kernel';

/** Whether an event lies behind a place in the log; everything lies behind its start. */
export function isAfter({ commit, prepare }: Position, place: Position | 'start'): boolean {
  if (place === 'start') return true;
  return commit > place.commit || (commit === place.commit && prepare > place.prepare);
}
