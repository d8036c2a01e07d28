import {
  ClaimCustomer,
  RegisterCustomer,
  ReturnCustomer,
  TransferCustomer,
} from '#crm/customer-record/customer/customer.commands';
import { RecordFollowUp } from '#crm/engagement/follow-up/follow-up.commands';
import { CaptureLead, ClaimLead, ReturnLead, TransferLead } from '#crm/high-sea/lead/lead.commands';
import { ChangePoolMembers, DefinePool, SetRecyclePolicy } from '#crm/high-sea/pool/pool.commands';
import type { Command } from '#event-store';
import type { Chance } from '../../apps/cli/demo/chance.js';

/** What somebody does, and when; a rule may say no. */
export interface Action {
  readonly at: string;
  readonly command: Command;
  readonly actorId: string;
}

export const DAY_MS = 86_400_000;
export const BEGIN = Date.parse('2026-12-01T08:00:00.000Z');
export const at = (day: number, ms = 0): string => new Date(BEGIN + Math.round(day * DAY_MS) + ms).toISOString();

const LEADS = 25;
const CUSTOMERS = 15;
const REPS = 5;
const HARD_WORK = 10;

type Kind = 'lead' | 'customer';
interface Rule {
  readonly days: number;
  readonly warnDaysBefore: number;
}

/** The rules of the pool, first and after they were changed. */
const FIRST: Readonly<Record<Kind, Rule>> = {
  lead: { days: 7, warnDaysBefore: 2 },
  customer: { days: 14, warnDaysBefore: 3 },
};
export const RULES: readonly Readonly<Record<Kind, Rule>>[] = [
  FIRST,
  { lead: { days: 5, warnDaysBefore: 2 }, customer: { days: 20, warnDaysBefore: 4 } },
];

/** Two leads whose owners come one second before they would lose them: one reaches somebody, one does not. */
export interface LastMinute {
  readonly saved: string;
  readonly lost: string;
}

/** Sixty days, or as many as asked for, of five employees and forty records, as the seed decides. */
export class Plan {
  readonly actions: readonly Action[];
  readonly lastMinute: LastMinute;
  private readonly poolId: string;
  private readonly reps: readonly [string, ...string[]];
  private followUps = 0;

  constructor(
    private readonly chance: Chance,
    private readonly days: number,
  ) {
    this.poolId = chance.id('pool', 1);
    this.reps = [chance.id('rep', 0), ...Array.from({ length: REPS - 1 }, (_, nth) => chance.id('rep', nth + 1))];
    this.lastMinute = { saved: chance.id('lead', 'saved'), lost: chance.id('lead', 'lost') };
    this.actions = [
      ...this.founding(),
      ...Array.from({ length: LEADS }, (_, nth) => this.life('lead', chance.id('lead', nth))).flat(),
      ...Array.from({ length: CUSTOMERS }, (_, nth) => this.life('customer', chance.id('customer', nth))).flat(),
      ...this.narrowly(this.lastMinute.saved, 'reached'),
      ...this.narrowly(this.lastMinute.lost, 'not_reached'),
    ].toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  }

  private founding(): readonly Action[] {
    const { poolId, reps } = this;
    return [
      this.action(at(0), DefinePool.of({ poolId, name: '公海' })),
      this.action(at(0, 1), ChangePoolMembers.of({ poolId, add: [...reps] })),
      ...RULES.map((rules, nth) =>
        this.action(
          at((nth * this.days) / 2, 2),
          SetRecyclePolicy.of({
            poolId,
            rules: (['lead', 'customer'] as const).map((entityKind) => ({
              ...{ ruleId: `idle-${entityKind}`, entityKind, trigger: 'no_follow_up' as const, ...rules[entityKind] },
            })),
          }),
        ),
      ),
    ];
  }

  /** What is tried with one record over the days. */
  private life(kind: Kind, recordId: string): readonly Action[] {
    const actions: Action[] = [];
    const came = this.chance.between(1, 5 * DAY_MS);
    actions.push(this.action(at(0, came), this.comes(kind, recordId)));
    for (let ms = came; ms < this.days * DAY_MS;) {
      ms += this.chance.between(1, (this.chance.happens(20) ? 2 * HARD_WORK : HARD_WORK / 2) * DAY_MS);
      actions.push(this.action(at(0, ms), this.anything(kind, recordId)));
    }
    return actions.filter((action) => action.at < at(this.days));
  }

  private narrowly(leadId: string, outcome: 'reached' | 'not_reached'): readonly Action[] {
    return [
      this.action(at(1, 5), CaptureLead.of({ leadId, poolId: this.poolId })),
      this.action(at(1, 9), ClaimLead.of({ leadId, claimantId: this.reps[0] })),
      this.action(at(1 + FIRST.lead.days, 9 - 1_000), this.followUp('lead', leadId, outcome)),
    ];
  }

  private comes(kind: Kind, recordId: string): Command {
    const { poolId } = this;
    return kind === 'lead'
      ? CaptureLead.of({ leadId: recordId, poolId })
      : RegisterCustomer.of({ customerId: recordId, poolId, profile: { legalName: '杭州某某有限公司' } });
  }

  private anything(kind: Kind, recordId: string): Command {
    const who = this.chance.pick(this.reps);
    const dice = this.chance.between(1, 100);
    if (dice <= 40)
      return kind === 'lead'
        ? ClaimLead.of({ leadId: recordId, claimantId: who })
        : ClaimCustomer.of({ customerId: recordId, claimantId: who });
    if (dice <= 75) return this.followUp(kind, recordId, 'reached');
    if (dice <= 85) return this.followUp(kind, recordId, 'not_reached');
    if (dice <= 92)
      return kind === 'lead'
        ? ReturnLead.of({ leadId: recordId, reasonCode: 'no_need' })
        : ReturnCustomer.of({ customerId: recordId, reasonCode: 'no_need' });
    return kind === 'lead'
      ? TransferLead.of({ leadId: recordId, toOwner: who })
      : TransferCustomer.of({ customerId: recordId, toOwner: who, reason: { code: 'rebalancing' } });
  }

  private followUp(entityKind: Kind, recordId: string, outcome: 'reached' | 'not_reached'): Command {
    const followUpId = this.chance.id('follow-up', ++this.followUps);
    return RecordFollowUp.of({ followUpId, entityKind, recordId, channel: 'call', outcome });
  }

  private action = (when: string, command: Command): Action => ({ at: when, command, actorId: this.reps[0] });
}
