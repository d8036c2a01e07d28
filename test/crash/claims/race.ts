import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { RecordedEvent } from '#kernel';
import type { Chance } from '../../../apps/cli/demo/chance.js';
import { type Answer, post } from '../door.js';
import { claimsPerDay, holdings } from './rules.js';

const REPS = 20;
const LEADS = 120;
const CLAIMS = 200;
const AT_ONCE = 20;
const PAUSE_MS = 50;
/** In so many of a hundred cases who got a lead gives it back at once. */
const RETURNED = 60;

/** What an employee is told who has used up the day, or has both hands full. */
const LIMITS = ['CLAIM_LIMIT_REACHED', 'HOLDING_CAP_REACHED'];

/** Two hundred claims by twenty employees for the leads of one pool that limits them, through several doors. */
export class ClaimRace {
  readonly dailyLimit = 4;
  readonly holdingCap = 3;
  readonly poolId;
  readonly reps;
  readonly leads;
  /** How often what was answered, by status or code. */
  readonly #answers = new Map<string, number>();

  constructor(
    private readonly doors: readonly [string, ...string[]],
    private readonly chance: Chance,
  ) {
    const ids = (kind: string, many: number) => Array.from({ length: many }, (_, nth) => chance.id(kind, nth));
    this.poolId = chance.id('pool', 'race');
    this.reps = ids('rep', REPS);
    this.leads = ids('lead', LEADS);
  }

  get told(): string {
    return [...this.#answers].map(([answer, times]) => `${times} ${answer}`).join(', ');
  }

  /** Limits that nobody met: the race has not tried them. */
  get untried(): readonly string[] {
    return LIMITS.filter((limit) => !this.#answers.has(limit)).map((limit) => `nobody was told ${limit}`);
  }

  async prepare(): Promise<void> {
    const { poolId, reps, leads, dailyLimit: dailyLimitPerRep, holdingCap } = this;
    await this.#must('DefinePool', { poolId, name: '公海' });
    await this.#must('ChangePoolMembers', { poolId, add: reps });
    await this.#must('SetClaimPolicy', { poolId, dailyLimitPerRep, holdingCap });
    await Promise.all(leads.map((leadId) => this.#must('CaptureLead', { leadId, poolId })));
  }

  async run(): Promise<void> {
    const plan = Array.from({ length: CLAIMS }, (_, nth) => ({
      repId: this.reps[nth % REPS] ?? '',
      leadId: this.leads[this.chance.between(0, LEADS - 1)] ?? '',
      door: this.#anyDoor(),
      isReturned: this.chance.happens(RETURNED),
    })).values();
    const racer = async () => {
      for (const { repId, leadId, door, isReturned } of plan) {
        const { status } = this.#count(await this.#send(door, 'ClaimLead', { leadId }, repId));
        if (status === 200 && isReturned)
          await this.#send(door, 'ReturnLead', { leadId, reasonCode: 'no_need' }, repId);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, racer));
  }

  /** Whoever has claims and room left still gets a lead; whoever has not, does not. */
  async claimsWhatIsLeft(log: readonly RecordedEvent[]): Promise<readonly string[]> {
    const used = claimsPerDay(log, this);
    const held = holdings(log, this);
    const problems = this.reps.map(async (repId) => {
      const leadId = randomUUID();
      await this.#must('CaptureLead', { leadId, poolId: this.poolId });
      const { status, text } = await this.#send(this.#anyDoor(), 'ClaimLead', { leadId }, repId);
      const hasRoom = (used.get(repId) ?? 0) < this.dailyLimit && (held.get(repId)?.size ?? 0) < this.holdingCap;
      return hasRoom === (status === 200) ? [] : [`${repId} was answered ${status} ${text}`];
    });
    return (await Promise.all(problems)).flat();
  }

  async #must(command: string, fields: object): Promise<void> {
    const { status, text } = await this.#send(this.doors[0], command, fields, 'founder');
    if (status !== 200) throw new Error(`${command}: ${text}`);
  }

  /** Sends until there is an answer, under one id, each time through another door. */
  async #send(firstDoor: string, command: string, fields: object, actorId: string): Promise<Answer> {
    const sent = { command, fields, id: randomUUID(), actorId };
    for (let door = firstDoor; ; door = this.doors.find((other) => other !== door) ?? door) {
      const answer = await post(door, sent);
      if (answer !== undefined && answer.status < 500) return answer;
      await setTimeout(PAUSE_MS);
    }
  }

  #anyDoor = (): string => this.doors[this.chance.between(0, this.doors.length - 1)] ?? this.doors[0];

  #count(answer: Answer): Answer {
    const told = answer.status === 200 ? 'claimed' : (/"code":"(\w+)"/.exec(answer.text)?.[1] ?? String(answer.status));
    this.#answers.set(told, (this.#answers.get(told) ?? 0) + 1);
    return answer;
  }
}
