import type { CampaignEvent } from '#crm/marketing/campaign/campaign.events';
import type { CustomerEvent } from '#crm/customer-record/customer/customer.events';
import type { LeadEvent } from '#crm/high-sea/lead/lead.events';
import type { ProductEvent } from '#crm/offer/product/product.events';
import type { EmployeeEvent } from '#crm/organisation/employee/employee.events';
import type { OrgUnitEvent } from '#crm/organisation/org-unit/org-unit.events';
import type { OpportunityEvent } from '#crm/pipeline/opportunity/opportunity.events';
import type { SalesProcessEvent } from '#crm/pipeline/sales-process/sales-process.events';
import type { OrgAtEvent, Recorded, RecordedEvent } from '#kernel';
import { recorded } from '../spec.js';

type CrmEvent =
  | LeadEvent
  | OpportunityEvent
  | CustomerEvent
  | CampaignEvent
  | ProductEvent
  | EmployeeEvent
  | OrgUnitEvent
  | SalesProcessEvent;

interface Told extends Partial<Pick<Recorded, 'actor' | 'reason' | 'onBehalfOf' | 'causationId'>> {
  /** When we learned it, if not when it happened. */
  readonly recorded?: string;
  /** Who gets the credit: owner, unit, managers upwards. */
  readonly org?: OrgAtEvent;
}

/** A small made-up log, told event by event; a mere day means nine o'clock in UTC. */
export class Story {
  readonly events: RecordedEvent[] = [];
  readonly #revisions = new Map<string, number>();

  /** One more event of a stream: `tell('lead-1', '2021-01-05', 'LeadCaptured', {…})`. */
  tell<Type extends CrmEvent['type']>(
    stream: string,
    at: string,
    type: Type,
    data: Extract<CrmEvent, { type: Type }>['data'],
    { recorded: learned = at, org, ...envelope }: Told = {},
  ): this {
    const revision = this.#revisions.get(stream) ?? 0;
    this.#revisions.set(stream, revision + 1);
    const place = BigInt((this.events.length + 1) * 100);
    this.events.push(
      recorded({ type, data }, revision, {
        stream,
        streamId: stream.slice(stream.indexOf('-') + 1),
        eventId: `${stream}@${revision}`,
        position: { commit: place, prepare: place },
        occurredAt: instant(at),
        recordedAt: instant(learned),
        ...(org && { orgAtEvent: org }),
        ...envelope,
      }),
    );
    return this;
  }
}

const instant = (moment: string) => (moment.includes('T') ? moment : `${moment}T09:00:00.000Z`);
