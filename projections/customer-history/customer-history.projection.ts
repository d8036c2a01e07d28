import type { CustomerEvent } from '#crm/customer-record/customer/customer.events';
import type { Projection, RecordedEvent, RowChange } from '#kernel';
import { table } from '#kernel';
import { sqlFile } from '#read-store';
import { factOf, type Fact } from '../columns.js';

type Text = string | null;
type RevisionRow = Fact &
  Readonly<
    Record<
      | 'customer_id'
      | 'field'
      | 'event_type'
      | 'actor_id'
      | 'actor_kind'
      | 'command_id'
      | 'causation_id'
      | 'correlation_id',
      string
    > &
      Record<'old_value' | 'new_value' | 'actor_name' | 'on_behalf_of' | 'reason_code' | 'reason_text', Text> & {
        revision: bigint;
        is_applied: boolean;
        is_personal: boolean;
      }
  >;

/** One field of the record with what it was and what it became. */
interface Change {
  readonly field: string;
  readonly old?: Text;
  readonly new?: Text;
  readonly personal?: { readonly old?: Text; readonly new?: Text };
}

const revisions = table<RevisionRow>()('customer_revision', 'customer_id', 'revision', 'field');

/** The whole history of every customer, one row per revision and field. */
export const customerHistory: Projection<CustomerEvent> = {
  name: 'customer_history',
  schema: sqlFile(import.meta.url, './schema.sql'),
  analytics: sqlFile(import.meta.url, './analytics.sql'),
  personal: [
    revisions.tellsOf('customer', 'customer_id', ['old_value', 'new_value'], 'is_personal'),
    revisions.tellsOf('customer', 'customer_id', ['reason_text']),
    revisions.tellsOf('actor', 'actor_id', ['actor_name']),
  ],
  on: {
    CustomerRegistered: (event) => {
      const { partyType, customerNumber, profile, classification, parentId, leadId, source, poolId } = event.data;
      const record = { partyType, customerNumber, ...classification, parentId, leadId, source, poolId };
      const personal = registered(profile).map(({ field, new: value }) => ({ field, personal: { new: value } }));
      return changed(event, [...registered(record), ...personal]);
    },
    CustomerClaimed: (event) => changed(event, [{ field: 'ownerId', new: event.data.claimantId }]),
    CustomerAssigned: (event) => changed(event, [{ field: 'ownerId', new: event.data.assigneeId }]),
    CustomerTransferred: (event) =>
      changed(event, [{ field: 'ownerId', old: event.data.fromOwner, new: event.data.toOwner }]),
    CustomerReturned: (event) =>
      changed(event, backToPool(event.data.ownerId, event.data.targetPoolId), event.data.reasonCode),
    CustomerRecycled: (event) =>
      changed(event, backToPool(event.data.previousOwnerId, event.data.targetPoolId), event.data.basis.trigger),
    CustomerProfileCorrected: (event) => changed(event, event.data.changes),
    KeyFieldRevised: (event) => changed(event, [event.data.change]),
    KeyFieldRevisionProposed: (event) => noted(event, event.data.change),
    KeyFieldRevisionRejected: (event) => noted(event, { field: event.data.field }),
    KeyFieldRevisionWithdrawn: (event) => noted(event, { field: event.data.field }),
  },
};

/** Values are written as the events that change them later write them: text as it is, all else as JSON. */
const registered = (record: object): readonly Change[] =>
  Object.entries(record).flatMap(([field, value]: [string, unknown]) =>
    value === undefined ? [] : [{ field, new: typeof value === 'string' ? value : JSON.stringify(value) }],
  );

const backToPool = (old: string, poolId: string | undefined): readonly Change[] => [
  { field: 'ownerId', old },
  ...(poolId === undefined ? [] : [{ field: 'poolId', new: poolId }]),
];

const changed = (event: RecordedEvent<CustomerEvent>, changes: readonly Change[], cause?: string) =>
  changes.map((change) => rowOf(event, change, true, cause));

/** What was only proposed, refused or taken back stands in the history, but not in the record. */
const noted = (event: RecordedEvent<CustomerEvent>, change: Change) => [rowOf(event, change, false)];

function rowOf(
  event: RecordedEvent<CustomerEvent>,
  { field, personal, ...clear }: Change,
  is_applied: boolean,
  cause?: string,
): RowChange {
  const { actor, reason, onBehalfOf } = event;
  const { old, new: value } = personal ?? clear;
  return revisions.insert({
    customer_id: event.data.customerId,
    revision: event.revision,
    field,
    event_type: event.type,
    is_applied,
    is_personal: personal !== undefined,
    old_value: old ?? null,
    new_value: value ?? null,
    actor_id: actor.id,
    actor_kind: actor.kind,
    actor_name: actor.displayName ?? null,
    on_behalf_of: onBehalfOf ?? null,
    reason_code: reason?.code ?? cause ?? null,
    reason_text: reason?.text ?? null,
    command_id: event.commandId,
    causation_id: event.causationId,
    correlation_id: event.correlationId,
    ...factOf(event),
  });
}
