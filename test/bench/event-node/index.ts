import { interleaved, type Measure, type Measures, ratioOf, type Say } from '../measure.js';
import { LOADS, workloads } from './workloads.js';
import { startNodeServer, startNullServer } from './servers.js';
import { Subject } from './subject.js';
import { Watch } from './watch.js';

const ROUNDS = 5;

/** The event node beside a server that stores nothing, through the official client, each a process of its own. */
export async function benchEventNode(say: Say): Promise<Measures> {
  const [server, nothing] = [await startNodeServer(), await startNullServer()];
  try {
    say('writing what will be read');
    const streams = await Subject.seed(server.url, LOADS, ROUNDS);
    // So that nothing is read from what is in memory since it was written: only from what a start brings back.
    await server.restart();
    const watch = new Watch(server);
    const node = new Subject(server.url, { streams, watch });
    const ceiling = new Subject(nothing.url);
    const contenders = workloads.flatMap(({ name, times = 1, run }) =>
      Array.from({ length: times }, () => [
        { name: `${name}, null server`, run: () => run(ceiling) },
        { name, run: () => run(node) },
      ]).flat(),
    );
    const figures = await interleaved(contenders, ROUNDS, say);
    await Promise.all([node.close(), ceiling.close()]);
    return { ...ratios(figures), ...watch.measures() };
  } finally {
    await nothing.stop();
    await server.stop();
  }
}

function ratios(figures: ReadonlyMap<string, number>): Measures {
  const measures: Record<string, Measure> = {};
  for (const { name, unit, atLeast } of workloads) {
    const [value = NaN, reference = NaN] = [figures.get(name), figures.get(`${name}, null server`)];
    measures[name] = ratioOf(value, reference, unit, atLeast);
  }
  return measures;
}
