import type { AggregateStore, ReadState } from '#event-store';
import type { CommandClasses, Decider, Event } from '#kernel';

/** Makes readers of folded streams: each compares every stream with the store once, and then answers from memory. */
export const freshReaderOn = (aggregates: AggregateStore) => (): ReadState => {
  const read = new Map<string, Promise<unknown>>();
  return <State, E extends Event, C extends CommandClasses, Facts>(
    decider: Decider<State, E, C, Facts>,
    id: string,
  ): Promise<State> => {
    const stream = `${decider.name}-${id}`;
    const known = read.get(stream);
    // A stream's name begins with its decider's, so what lies under it is that decider's state.
    if (known !== undefined) return known as Promise<State>;
    const state = aggregates.refresh(decider, stream).then((loaded) => loaded.state);
    read.set(stream, state);
    state.catch(() => read.delete(stream));
    return state;
  };
};
