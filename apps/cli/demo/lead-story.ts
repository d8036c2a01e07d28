import type { Chance } from './chance.js';
import { sell } from './deal-story.js';
import type { Organisation, Rep } from './organisation.js';
import { BEGIN, END } from './organisation.js';
import { Story } from './story.js';

const SURNAMES = ['赵', '钱', '孙', '李', '周', '吴', '郑', '王', '冯', '陈'] as const;
const TOWNS = ['上海', '北京', '深圳', '杭州', '成都', '武汉', '苏州', '青岛'] as const;
const TRADES = ['软件', '制造', '物流', '医疗', '零售', '教育'] as const;

/** One lead from its capture to wherever it gets: claimed, returned, recycled, converted, sold. */
export function leadStory(organisation: Organisation, chance: Chance, number: number): Story {
  const { director, campaigns } = organisation;
  const captured = new Date(BEGIN.getTime() + chance.between(0, 150 * 24) * 3_600_000);
  const story = new Story(`lead-${chance.seed}-${number}`, captured);
  const leadId = chance.id('lead', number);
  const company = `${chance.pick(TOWNS)}${chance.pick(TRADES)}有限公司 ${number}`;
  const name = `${chance.pick(SURNAMES)}先生`;
  const campaign = chance.happens(85) ? chance.pick(campaigns) : undefined;
  story.tell(director, 'CaptureLead', {
    leadId,
    source: campaign?.source ?? 'referral',
    campaignId: campaign?.id,
    profile: { name, company, phone: `138${String(chance.between(10_000_000, 99_999_999))}` },
  });
  const owner = own(story, organisation, chance, leadId);
  if (owner === undefined) return story;
  if (chance.happens(30)) {
    if (story.later(chance.between(24, 200), END))
      story.tell(owner, 'DisqualifyLead', {
        leadId,
        reasonCode: chance.pick(['no_need', 'invalid_number', 'out_of_scope']),
      });
    return story;
  }
  if (!story.later(chance.between(12, 120), END) || chance.happens(15)) return story;
  story.tell(owner, 'QualifyLead', { leadId, criteria: [{ criterionId: 'budget', evidence: 'confirmed' }] });
  if (!story.later(chance.between(24, 240), END) || chance.happens(20)) return story;
  convert(story, organisation, chance, { number, leadId, company, name, owner });
  return story;
}

/** Taken from the pool; sometimes given back or left lying until it is recycled, and taken by another. */
function own(story: Story, { director, reps }: Organisation, chance: Chance, leadId: string): Rep | undefined {
  if (!story.later(chance.between(1, 90), END) || chance.happens(8)) return undefined;
  const first = chance.pick(reps);
  story.tell(first, 'ClaimLead', { leadId, claimantId: first.id });
  if (chance.happens(75)) return first;
  if (chance.happens(50)) {
    if (!story.later(chance.between(24, 96), END)) return undefined;
    story.tell(first, 'ReturnLead', { leadId, reasonCode: 'no_need' });
  } else {
    if (!story.later(15 * 24 + chance.between(0, 48), END)) return undefined;
    story.tell(director, 'RecycleLead', { leadId, thresholdDays: 15 }, 'no_follow_up');
  }
  if (!story.later(chance.between(1, 72), END) || chance.happens(40)) return undefined;
  const second = chance.pick(reps);
  story.tell(second, 'ClaimLead', { leadId, claimantId: second.id });
  return second;
}

interface Found {
  readonly number: number;
  readonly leadId: string;
  readonly company: string;
  readonly name: string;
  readonly owner: Rep;
}

function convert(story: Story, organisation: Organisation, chance: Chance, found: Found): void {
  const { number, leadId, company, name, owner } = found;
  const customerId = chance.id('customer', number);
  const opportunityId = chance.id('opportunity', number);
  story
    .tell(owner, 'RegisterCustomer', {
      customerId,
      partyType: 'company',
      leadId,
      profile: { legalName: company, shortName: company.slice(0, 4), phone: `021-${55_550_000 + number}` },
      classification: { industry: chance.pick(TRADES), city: chance.pick(TOWNS), level: 'B' },
    })
    .tell(owner, 'AssignCustomer', { customerId, assigneeId: owner.id })
    .tell(owner, 'ConvertLead', { leadId, customerId, opportunityId, carryFollowUps: true });
  if (chance.happens(40)) revise(story, chance, { customerId, name, owner, proposal: number });
  sell(story, organisation, chance, { number, leadId, customerId, opportunityId, owner });
}

/** Ordinary fields are corrected at once; a key field needs a second person. */
function revise(
  story: Story,
  chance: Chance,
  { customerId, name, owner, proposal }: { customerId: string; name: string; owner: Rep; proposal: number },
): void {
  if (!story.later(chance.between(4, 60), END)) return;
  story.tell(
    owner,
    'CorrectCustomerProfile',
    { customerId, profile: { remarks: `联系人 ${name}`, phone: `021-${66_000_000 + proposal}` } },
    'customer_called',
  );
  if (!chance.happens(50) || !story.later(chance.between(2, 40), END)) return;
  const proposalId = chance.id('proposal', proposal);
  story
    .tell(
      owner,
      'ProposeKeyFieldRevision',
      { customerId, proposalId, field: 'level', value: 'A', basedOnRevision: 2 },
      'grew',
    )
    .tell(owner.manager, 'ApproveKeyFieldRevision', { customerId, proposalId }, 'checked');
}
