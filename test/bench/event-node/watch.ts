import { absolute, type Measure, type Measures, median, percentile } from '../measure.js';
import type { Appended } from './loads.js';
import type { NodeServer } from './servers.js';

/** The p99 of an append's latency must stay below this at so many writers. */
const LATENCY = { writers: 16, atMostMs: 20 };

interface Costs {
  readonly p99: number[];
  readonly node: number[];
  readonly postgres: number[];
}

/** What appends cost the server while they are measured: latency, and processor time of the node and its Postgres. */
export class Watch {
  private readonly costs = new Map<number, Costs>();

  constructor(private readonly server: NodeServer) {}

  async during(writers: number, work: () => Promise<Appended>): Promise<Appended> {
    const before = this.server.processorSeconds();
    const appended = await work();
    const after = this.server.processorSeconds();
    const costs = this.costs.get(writers) ?? { p99: [], node: [], postgres: [] };
    this.costs.set(writers, costs);
    costs.p99.push(percentile(appended.milliseconds, 0.99));
    const microseconds = 1e6 / appended.milliseconds.length;
    costs.node.push((after.node - before.node) * microseconds);
    costs.postgres.push((after.postgres - before.postgres) * microseconds);
    return appended;
  }

  measures(): Measures {
    const measures: Record<string, Measure> = {};
    for (const [writers, { p99, node, postgres }] of this.costs) {
      const bound = writers === LATENCY.writers ? LATENCY.atMostMs : undefined;
      measures[`p99 of an append at ${writers}`] = absolute(median(p99), 'ms', bound);
      measures[`processor time of the node per append at ${writers}`] = absolute(median(node), 'µs');
      measures[`processor time of Postgres per append at ${writers}`] = absolute(median(postgres), 'µs');
    }
    return measures;
  }
}
