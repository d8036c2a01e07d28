import type { ReadState } from '#event-store';
import type { AnyPolicy, Due, Event, Policy, RecordedEvent } from '#kernel';

/** Looks up what a policy may know besides the event or the deadline: states folded from streams, never older than the event. */
export type PolicyLookUp<E extends Event, Data extends object, Facts> = (
  about: RecordedEvent<E> | Due<Data>,
  read: ReadState,
) => Promise<Facts>;

/** A policy with the facts that it asks for. */
export interface PolicyDefinition {
  readonly policy: AnyPolicy;
  readonly lookUp: (about: never, read: ReadState) => Promise<object>;
}

/** A policy that asks for no facts. */
export function enforced<E extends Event, Data extends object>(policy: Policy<E, Data>): PolicyDefinition;
/** A policy that needs facts, looked up from folded streams. */
export function enforced<E extends Event, Data extends object, Facts extends object>(
  policy: Policy<E, Data, Facts>,
  lookUp: PolicyLookUp<E, Data, Facts>,
): PolicyDefinition;
export function enforced(policy: AnyPolicy, lookUp: PolicyDefinition['lookUp'] = nothing): PolicyDefinition {
  return { policy, lookUp };
}

const nothing = () => Promise.resolve({});
