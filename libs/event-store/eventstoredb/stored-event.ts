import type { AllStreamResolvedEvent, ResolvedEvent } from '@eventstore/db-client';
import type { StoredEvent } from '../event-store.js';

/** What the client read, as the port knows it; undefined for a link whose target is gone. */
export function storedEvent({ event }: ResolvedEvent | AllStreamResolvedEvent): StoredEvent | undefined {
  if (event === undefined) return undefined;
  const { id, type, streamId, revision, data, metadata, position } = event;
  if (position === undefined)
    throw new TypeError(`the event store gives ${streamId}@${revision} no position: it is too old`);
  return {
    id,
    type,
    stream: streamId,
    revision,
    position: { commit: position.commit, prepare: position.prepare },
    data,
    metadata,
  };
}
