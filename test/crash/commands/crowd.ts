import { setTimeout } from 'node:timers/promises';
import type { Chance } from '../../../apps/cli/demo/chance.js';
import { type Answer, post, type Sent } from '../door.js';

/** So many leads share the commands; on the first, more come together than a stream remembers. */
const COMMANDS_A_LEAD = 50;
const COMMANDS_ON_THE_FIRST = 130;
const TIMES = 3;
const AT_ONCE = 48;
const PAUSE_MS = 20;
/** In so many of a hundred cases the caller hangs up before the answer can come. */
const HUNG_UP = 5;
const LONGEST_PATIENCE_MS = 8;

/** One correction of a lead's profile, and what it was answered. */
export interface Correction {
  readonly id: string;
  readonly leadId: string;
  /** No other correction says the same: done twice, it would be seen twice. */
  readonly name: string;
  readonly answers: Answer[];
}

/** Many callers who correct leads, and who send everything three times, whatever they were answered. */
export class Crowd {
  readonly corrections: readonly Correction[];
  readonly problems: string[] = [];
  #hungUp = 0;
  #unanswered = 0;
  #sentAgain = 0;

  constructor(
    private readonly doors: readonly [string, string],
    private readonly chance: Chance,
    commands: number,
  ) {
    this.corrections = Array.from({ length: commands }, (_, nth) => ({
      id: chance.id('command', nth),
      leadId: chance.id('lead', leadOf(nth)),
      name: `王芳 ${nth}`,
      answers: [],
    }));
  }

  get told(): string {
    return `${this.#hungUp} attempts given up by their callers, ${this.#unanswered} more without an answer, ${this.#sentAgain} told to come again`;
  }

  async prepare(): Promise<void> {
    const leads = new Set(this.corrections.map(({ leadId }) => leadId));
    for (const leadId of leads) {
      const sent = { command: 'CaptureLead', fields: { leadId }, id: `capture-${leadId}`, actorId: 'website' };
      const { status, text } = await this.#untilAnswered(sent);
      if (status !== 200) throw new Error(text);
    }
  }

  /** Resolves when all have been sent three times, and each time until there was an answer. */
  async sendAll(): Promise<void> {
    const all = shuffled(
      this.corrections.flatMap((one) => Array<Correction>(TIMES).fill(one)),
      this.chance,
    ).values();
    const caller = async () => {
      for (const correction of all) await this.#send(correction);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, caller));
  }

  async #send({ id, leadId, name, answers }: Correction): Promise<void> {
    const sent = { command: 'CorrectLeadProfile', fields: { leadId, profile: { name } }, id, actorId: 'caller' };
    if (this.chance.happens(HUNG_UP)) {
      this.#hungUp++;
      const early = await post(this.#anyDoor(), sent, this.chance.between(0, LONGEST_PATIENCE_MS));
      if (early?.status === 200) answers.push(early);
    }
    const answer = await this.#untilAnswered(sent);
    if (answer.status === 200) answers.push(answer);
    else this.problems.push(`${name} was answered ${answer.status} ${answer.text}`);
  }

  async #untilAnswered(sent: Sent): Promise<Answer> {
    for (;;) {
      const answer = await post(this.#anyDoor(), sent, 30_000);
      if (answer !== undefined && answer.status < 500 && !isToBeSentAgain(answer)) return answer;
      if (answer === undefined) this.#unanswered++;
      else this.#sentAgain++;
      await setTimeout(PAUSE_MS);
    }
  }

  #anyDoor = (): string => this.chance.pick(this.doors);
}

/** Others were faster, too often: nothing was decided. */
const isToBeSentAgain = ({ text }: Answer): boolean => text.includes('"code":"CONCURRENT_WRITE"');

const leadOf = (nth: number): number =>
  nth < COMMANDS_ON_THE_FIRST ? 0 : 1 + Math.floor((nth - COMMANDS_ON_THE_FIRST) / COMMANDS_A_LEAD);

/** Fisher and Yates. */
function shuffled<T>(values: readonly T[], chance: Chance): readonly T[] {
  const drawn = [...values];
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = chance.between(0, last);
    const [one, two] = [drawn[last], drawn[other]];
    if (one !== undefined && two !== undefined) [drawn[last], drawn[other]] = [two, one];
  }
  return drawn;
}
