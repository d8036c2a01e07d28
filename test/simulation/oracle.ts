import type { CustomerEvent } from '#crm/customer-record/customer/customer.events';
import type { FollowUpEvent } from '#crm/engagement/follow-up/follow-up.events';
import type { LeadEvent } from '#crm/high-sea/lead/lead.events';
import type { PoolEvent } from '#crm/high-sea/pool/pool.events';
import type { RecordedEvent } from '#kernel';
import { DAY_MS, RULES } from './plan.js';

type Told = RecordedEvent<LeadEvent | CustomerEvent | FollowUpEvent | PoolEvent>;
type Kind = 'lead' | 'customer';

const isTold = (event: RecordedEvent): event is Told => /^(lead|customer|followup|pool)-/.test(event.stream);

/** `lead-3f2c… warned 2026-12-08T08:00:00.000Z` */
export type Verdict = string;

/** What people did that decides when a record is lost: it got an owner, lost them, or somebody was reached; or the rules changed. */
interface Turn {
  readonly at: number;
  readonly turn: 'owned' | 'left' | 'reached' | 'rules';
}

/** What the policy did: the warnings and recycles of the log. */
export function judged(history: readonly RecordedEvent[]): readonly Verdict[] {
  const verdicts = history.filter(isTold).flatMap((event): readonly Verdict[] => {
    switch (event.type) {
      case 'LeadRecycleWarned':
      case 'CustomerRecycleWarned':
        return [verdict(event.stream, 'warned', Date.parse(event.occurredAt))];
      case 'LeadRecycled':
      case 'CustomerRecycled':
        return [verdict(event.stream, 'recycled', Date.parse(event.occurredAt))];
      default:
        return [];
    }
  });
  return verdicts.toSorted();
}

/** What it should have done, reckoned from what people did and the rules, record by record; shares nothing with the policy. */
export function foretold(history: readonly RecordedEvent[], end: number): readonly Verdict[] {
  const told = history.filter(isTold);
  const changes = told.flatMap((event) => (event.type === 'RecyclePolicySet' ? [Date.parse(event.occurredAt)] : []));
  return [...turnsByRecord(told)].flatMap(([stream, turns]) => fateOf(stream, [...turns], changes, end)).toSorted();
}

function fateOf(stream: string, turns: readonly Turn[], changes: readonly number[], end: number): readonly Verdict[] {
  const kind: Kind = stream.startsWith('lead-') ? 'lead' : 'customer';
  const story = [...turns, ...changes.map((moment): Turn => ({ at: moment, turn: 'rules' }))].toSorted(
    (one, other) => one.at - other.at,
  );
  const verdicts: Verdict[] = [];
  let [version, since, warned] = [-1, undefined as number | undefined, undefined as number | undefined];
  for (const [nth, { at, turn }] of story.entries()) {
    if (turn === 'rules') [version, warned] = [version + 1, undefined];
    else if (turn === 'left') since = undefined;
    else if (turn === 'owned' || since !== undefined) [since, warned] = [at, undefined];
    const rule = RULES[version]?.[kind];
    if (since === undefined || rule === undefined) continue;
    const next = story[nth + 1]?.at ?? end;
    const [days, notice] = [rule.days * DAY_MS, rule.warnDaysBefore * DAY_MS];
    const warnAt = Math.max(since + days - notice, at);
    if (warned === undefined && warnAt < next) verdicts.push(verdict(stream, 'warned', (warned = warnAt)));
    const recycleAt = Math.max(since + days, (warned ?? Infinity) + notice);
    if (recycleAt < next) {
      verdicts.push(verdict(stream, 'recycled', recycleAt));
      since = undefined;
    }
  }
  return verdicts;
}

function turnsByRecord(told: readonly Told[]): ReadonlyMap<string, readonly Turn[]> {
  const records = new Map<string, Turn[]>();
  for (const event of told) {
    const found = turnIn(event);
    if (found === undefined) continue;
    const [stream, turn] = found;
    records.set(stream, [...(records.get(stream) ?? []), { at: Date.parse(event.occurredAt), turn }]);
  }
  return records;
}

function turnIn(event: Told): readonly [string, Turn['turn']] | undefined {
  switch (event.type) {
    case 'LeadClaimed':
    case 'LeadTransferred':
    case 'CustomerClaimed':
    case 'CustomerTransferred':
      return [event.stream, 'owned'];
    case 'LeadReturned':
    case 'CustomerReturned':
      return [event.stream, 'left'];
    case 'FollowUpRecorded':
      return event.data.outcome === 'reached'
        ? [`${event.data.entityKind}-${event.data.recordId}`, 'reached']
        : undefined;
    default:
      return undefined;
  }
}

const verdict = (stream: string, what: 'warned' | 'recycled', moment: number): Verdict =>
  `${stream} ${what} ${new Date(moment).toISOString()}`;
