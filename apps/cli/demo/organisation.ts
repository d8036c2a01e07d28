import type { Chance } from './chance.js';
import type { Person } from './story.js';
import { Story } from './story.js';

/** The first and the last moment of what the demo tells. */
export const BEGIN = new Date('2025-01-02T01:00:00.000Z');
export const END = new Date('2025-07-01T00:00:00.000Z');

const UNITS = ['华东 East', '华北 North', '华南 South'] as const;
const REPS = ['王芳', '李娜', '张伟', '刘洋', '陈静', '杨磊', '赵敏', '黄勇', '周杰', '吴倩', '徐明', '孙丽'] as const;
const MANAGERS = ['何建国', '林晓燕', '高志强'] as const;
const PRODUCTS = [
  ['云台账 Ledger Cloud', 12_800_00],
  ['漏斗分析 Funnel Insight', 4_800_00],
  ['审计回放 Audit Replay', 9_600_00],
  ['实施服务 Onboarding', 3_200_00],
] as const;
const CAMPAIGNS = [
  ['百度推广 Paid search', 'paid_search', 18_000_00],
  ['微信社群 Social', 'social', 9_000_00],
  ['行业展会 Trade fair', 'trade_fair', 32_000_00],
  ['邮件营销 E-mail', 'email', 2_400_00],
] as const;

export interface Rep extends Person {
  readonly manager: Person;
}

/** Who sells what to whom: everybody and everything that the stories speak of. */
export interface Organisation {
  readonly director: Person;
  readonly reps: readonly [Rep, ...Rep[]];
  readonly products: readonly [Offer, ...Offer[]];
  readonly campaigns: readonly [Campaign, ...Campaign[]];
  readonly processId: string;
  /** How it came to be, in order: units before employees, managers before their people. */
  readonly founding: Story;
}

export interface Offer {
  readonly id: string;
  readonly price: number;
}

export interface Campaign {
  readonly id: string;
  readonly source: string;
}

const criterion = (id: string, name: string) => [{ id, name, required: true }];
export const STAGES = [
  { id: 'contact', name: '初步接触 Contact', orderIndex: 1, kind: 'open', probability: 10, exitCriteria: [] },
  {
    id: 'need',
    name: '需求确认 Need',
    orderIndex: 2,
    kind: 'open',
    probability: 25,
    exitCriteria: criterion('need_written', 'Need in writing'),
  },
  {
    id: 'proposal',
    name: '方案报价 Proposal',
    orderIndex: 3,
    kind: 'open',
    probability: 50,
    exitCriteria: criterion('quote_sent', 'Quote sent'),
  },
  { id: 'negotiation', name: '商务谈判 Negotiation', orderIndex: 4, kind: 'open', probability: 75, exitCriteria: [] },
  { id: 'won', name: '赢单 Won', orderIndex: 5, kind: 'won', probability: 100, exitCriteria: [] },
  { id: 'lost', name: '输单 Lost', orderIndex: 6, kind: 'lost', probability: 0, exitCriteria: [] },
];

export function foundOrganisation(chance: Chance): Organisation {
  const founding = new Story(`founding-${chance.seed}`, BEGIN);
  const director = { id: chance.id('employee', 'director'), name: '郑总 Director Zheng' };
  const units = UNITS.map((name) => ({ unitId: chance.id('unit', name), name }));
  for (const unit of units) founding.tell(director, 'CreateUnit', unit);
  hire(founding, director, director, {});
  const managers = MANAGERS.map((name) => ({ id: chance.id('employee', name), name }));
  managers.forEach((manager, index) => {
    hire(founding, director, manager, { managerId: director.id, unitId: units[index]?.unitId });
  });
  const reps = REPS.map((name, index): Rep => {
    const manager = managers[index % managers.length] ?? director;
    const rep = { id: chance.id('employee', name), name, manager };
    hire(founding, director, rep, { managerId: manager.id, unitId: units[index % units.length]?.unitId });
    return rep;
  });
  const processId = chance.id('process', 'b2b');
  founding
    .tell(director, 'DefineSalesProcess', { processId, name: '企业销售 B2B' })
    .tell(director, 'PublishSalesProcessVersion', {
      processId,
      version: 1,
      stages: STAGES,
      rules: { allowSkip: false, allowRegress: true, reopenWindowDays: 90 },
    });
  return {
    director,
    reps: filled(reps),
    products: filled(listProducts(founding, director, chance)),
    campaigns: filled(runCampaigns(founding, director, chance)),
    processId,
    founding,
  };
}

const hire = (story: Story, director: Person, { id, name }: Person, place: object) =>
  story.tell(director, 'HireEmployee', { employeeId: id, name, hiredOn: '2024-01-01', ...place });

const listProducts = (story: Story, director: Person, chance: Chance): Offer[] =>
  PRODUCTS.map(([name, price]) => {
    const id = chance.id('product', name);
    story.tell(director, 'ListProduct', { productId: id, name, listPrice: { amount: price, currency: 'CNY' } });
    return { id, price };
  });

const runCampaigns = (story: Story, director: Person, chance: Chance): Campaign[] =>
  CAMPAIGNS.map(([name, source, monthly]) => {
    const id = chance.id('campaign', name);
    story
      .tell(director, 'PlanCampaign', {
        campaignId: id,
        name,
        channel: source,
        startsOn: '2025-01-01',
        endsOn: '2025-06-30',
      })
      .tell(director, 'ApproveCampaign', { campaignId: id })
      .tell(director, 'LaunchCampaign', { campaignId: id });
    for (const month of ['01', '02', '03', '04', '05', '06'])
      story.tell(director, 'BookCampaignCost', {
        campaignId: id,
        costId: chance.id('cost', `${source}-${month}`),
        amount: { amount: Math.round((monthly * chance.between(70, 130)) / 100), currency: 'CNY' },
        bookedFor: `2025-${month}-01`,
        kind: 'media',
      });
    return { id, source };
  });

function filled<T>(things: readonly T[]): readonly [T, ...T[]] {
  const [first, ...others] = things;
  if (first === undefined) throw new Error('an organisation needs at least one of each');
  return [first, ...others];
}
