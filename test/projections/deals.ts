import type { Money } from '#kernel';
import type { Story } from './story.js';

/** Opportunities of a process with the open stages Contact, Offer and Terms, told in few words. */
const contact = { id: 'contact', name: 'Contact', orderIndex: 1, kind: 'open', probability: 20 } as const;
const offer = { id: 'offer', name: 'Offer', orderIndex: 2, kind: 'open', probability: 60 } as const;
const terms = { id: 'terms', name: 'Terms', orderIndex: 3, kind: 'open', probability: 80 } as const;
const won = { id: 'won', name: 'Won', orderIndex: 4, kind: 'won', probability: 100 } as const;

type OpenStage = typeof contact | typeof offer | typeof terms;

interface Opening {
  readonly owner?: string;
  readonly manager?: string;
  readonly unit?: string;
  readonly amount?: number;
  readonly currency?: string;
  readonly customerId?: string;
  readonly productId?: string;
  readonly leadId?: string;
  readonly campaignId?: string;
  readonly source?: string;
  readonly isImport?: boolean;
}

interface Closing {
  readonly visit: number;
  readonly closing?: number;
  readonly finalAmount?: number;
  readonly currency?: string;
  readonly owner?: string;
  readonly manager?: string;
  readonly unit?: string;
}

/** Publishes the process that all these opportunities follow. */
export function tellProcess(story: Story): void {
  const stages = [contact, offer, terms, won].map((stage) => ({ ...stage, exitCriteria: [] }));
  story
    .tell('process-p', '2020-01-01', 'SalesProcessDefined', { processId: 'p', name: 'Direct sales' })
    .tell('process-p', '2020-01-01', 'SalesProcessVersionPublished', {
      processId: 'p',
      version: 1,
      stages,
      rules: { allowSkip: true, allowRegress: true },
    });
}

export function open(story: Story, id: string, at: string, { isImport = false, ...opening }: Opening = {}): void {
  const { customerId, productId, leadId, campaignId, source, amount, currency } = opening;
  story.tell(
    `opportunity-${id}`,
    at,
    'OpportunityOpened',
    {
      opportunityId: id,
      processId: 'p',
      processVersion: 1,
      stage: contact,
      ownerId: opening.owner,
      amount: moneyOf(amount, currency),
      openedOn: isImport ? undefined : at,
      ...{ customerId, productId, leadId, campaignId, source },
      stageVisit: { begins: 1 },
    },
    { ...orgOf(opening), ...(isImport && { actor: { id: 'import', kind: 'import' } }) },
  );
}

export function advance(story: Story, id: string, at: string, ends: number, begins: number): void {
  story.tell(`opportunity-${id}`, at, 'StageAdvanced', move(id, contact, offer, at, { ends, begins }));
}

/** From the first stage to the third. */
export function skip(story: Story, id: string, at: string, ends: number, begins: number): void {
  story.tell(`opportunity-${id}`, at, 'StageAdvanced', move(id, contact, terms, at, { ends, begins }));
}

export function regress(story: Story, id: string, at: string, ends: number, begins: number): void {
  story.tell(`opportunity-${id}`, at, 'StageRegressed', move(id, offer, contact, at, { ends, begins }));
}

export function win(story: Story, id: string, closedOn: string, how: Closing): void {
  story.tell(
    `opportunity-${id}`,
    closedOn,
    'OpportunityWon',
    {
      opportunityId: id,
      finalAmount: moneyOf(how.finalAmount, how.currency),
      closedOn,
      fromStage: offer,
      closing: how.closing ?? 1,
      stageVisit: { ends: how.visit },
    },
    orgOf(how),
  );
}

export function lose(story: Story, id: string, closedOn: string, how: Closing, recorded = closedOn): void {
  story.tell(
    `opportunity-${id}`,
    closedOn,
    'OpportunityLost',
    {
      opportunityId: id,
      reasonCode: 'price',
      closedOn,
      fromStage: contact,
      closing: how.closing ?? 1,
      stageVisit: { ends: how.visit },
    },
    { recorded, ...orgOf(how) },
  );
}

/** Back to the first stage, as visit `visit`. */
export function reopen(story: Story, id: string, at: string, how: Closing, recorded = at): void {
  story.tell(
    `opportunity-${id}`,
    at,
    'OpportunityReopened',
    {
      opportunityId: id,
      voidsClosing: `closing-${how.closing ?? 1}`,
      closing: how.closing ?? 1,
      toStage: contact,
      stageVisit: { begins: how.visit },
    },
    { recorded },
  );
}

const move = (
  opportunityId: string,
  fromStage: OpenStage,
  toStage: OpenStage,
  at: string,
  stageVisit: { ends: number; begins: number },
) => ({
  opportunityId,
  fromStage,
  toStage,
  processVersion: 1,
  skippedStageIds: [],
  criteriaEvidence: [],
  enteredPreviousAt: `${at}T00:00:00.000Z`,
  stageVisit,
});

const moneyOf = (amount: number | undefined, currency = 'CNY'): Money | undefined =>
  amount === undefined ? undefined : { amount, currency };

const orgOf = ({ owner, manager, unit }: Pick<Opening, 'owner' | 'manager' | 'unit'>) =>
  owner === undefined ? {} : { org: { ownerId: owner, unitId: unit, managerPath: manager ? [manager] : [] } };
