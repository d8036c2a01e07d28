import { SingleBar } from 'cli-progress';
import { Chance } from './chance.js';
import { leadStory } from './lead-story.js';
import { foundOrganisation } from './organisation.js';
import { play } from './play.js';

const LEADS = 600;

/** Plays half a year of a sales organisation through the command door. Returns the last position in the log. */
export async function tellHalfAYear(url: string, seed: number, scale: number): Promise<bigint> {
  const chance = new Chance(seed);
  const organisation = foundOrganisation(chance);
  const stories = Array.from({ length: Math.ceil(LEADS * scale) }, (_, index) =>
    leadStory(organisation, chance, index + 1),
  );
  const total = [organisation.founding, ...stories].reduce((sum, { lines }) => sum + lines.length, 0);
  const bar = new SingleBar({
    format: 'Playing half a year |{bar}| {percentage}% | {value}/{total} commands | ETA {eta_formatted}',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 3_000,
  });
  bar.start(total, 0);
  try {
    const tick = (commands: number) => {
      bar.increment(commands);
    };
    const founded = await play(url, [organisation.founding], tick);
    const told = await play(url, stories, tick);
    return told > founded ? told : founded;
  } finally {
    bar.stop();
  }
}
