import { setTimeout } from 'node:timers/promises';
import { Chance } from '../../apps/cli/demo/chance.js';
import { leadStory } from '../../apps/cli/demo/lead-story.js';
import { foundOrganisation, type Organisation } from '../../apps/cli/demo/organisation.js';
import { positionIn, post } from '../../apps/cli/demo/play.js';
import type { Line } from '../../apps/cli/demo/story.js';

const TELLERS = 4;
/** Enough that every kill hits writes under way, and little enough that a log stays small. */
const PAUSE_MS = 50;
/** A command that has no answer after so many attempts has none at all. */
const PATIENCE_MS = 180_000;

/** The stories of the demo, told while things die: a command without an answer is sent again under its id. */
export class Load {
  readonly #chance: Chance;
  #organisation: Organisation | undefined;
  #stories = 0;
  #isOver = false;
  #telling: Promise<unknown> = Promise.resolve();
  #last = 0n;
  /** Commands that were refused although the story allows them. */
  readonly refused: string[] = [];

  constructor(
    private readonly url: string,
    seed: number,
  ) {
    this.#chance = new Chance(seed);
  }

  async found(): Promise<void> {
    const organisation = foundOrganisation(this.#chance);
    for (const line of organisation.founding.lines) await this.#tell(line);
    this.#organisation = organisation;
  }

  begin(): void {
    this.#isOver = false;
    this.#telling = Promise.all(Array.from({ length: TELLERS }, () => this.#tellStories()));
    // It is awaited at the end; until then its failure must not end the process.
    this.#telling.catch(() => undefined);
  }

  /** Lets the commands under way come to an end; answers the position of the last one that happened. */
  async end(): Promise<bigint> {
    this.#isOver = true;
    await this.#telling;
    return this.#last;
  }

  async #tellStories(): Promise<void> {
    const organisation = this.#organisation;
    if (organisation === undefined) throw new Error('The organisation is founded first');
    while (this.#goesOn())
      for (const line of leadStory(organisation, this.#chance, ++this.#stories).lines) {
        await this.#tell(line);
        if (!this.#goesOn()) break;
        await setTimeout(PAUSE_MS);
      }
  }

  #goesOn = (): boolean => !this.#isOver;

  async #tell(line: Line): Promise<void> {
    for (const deadline = performance.now() + PATIENCE_MS; ; await setTimeout(PAUSE_MS)) {
      const answer = await this.#send(line);
      if (answer !== undefined && answer.status < 500) {
        if (answer.status !== 200) this.refused.push(`${line.command} ${line.id}: ${answer.text}`);
        const position = positionIn(answer.text);
        if (position > this.#last) this.#last = position;
        return;
      }
      if (performance.now() > deadline)
        throw new Error(
          `${line.command} ${line.id} has no answer after ${PATIENCE_MS} ms: ${answer?.text ?? 'silence'}`,
        );
    }
  }

  async #send(line: Line): Promise<{ status: number; text: string } | undefined> {
    try {
      const response = await post(this.url, line, AbortSignal.timeout(5_000));
      return { status: response.status, text: await response.text() };
    } catch {
      return undefined;
    }
  }
}
