import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { issueOf, type Command, type CommandResult } from '#event-store';
import type { RecordedEvent } from '#kernel';
import {
  enforced,
  installPolicies,
  policiesStatus,
  PolicyRunner,
  VirtualClock,
  type PolicyRunnerOptions,
} from '#policies';
import { createPool } from '#read-store';
import { type ItemEvent, itemEvent } from '../read-store/items.js';
import { MemoryLog } from '../read-store/memory-log.js';
import { NOW } from '../spec.js';
import { dustWhatLies } from './shelf-care.js';

const policies = [enforced(dustWhatLies)];

/** A log in memory, a virtual clock, and a door that remembers every command; each test is a tenant of its own. */
export class PolicyRig {
  clock = new VirtualClock(NOW);
  log = new MemoryLog();
  namespace = '';
  pool;
  /** What came through the door, also what came twice. */
  sent: { readonly id: string; readonly text: string; readonly at: string }[] = [];
  /** Answers in the place of the door's own. */
  answer: (command: Command) => CommandResult | Promise<CommandResult> = () => done;
  readonly #running: PolicyRunner[] = [];
  #tests = 0;
  #place = 0;

  constructor(private readonly databaseUrl: string) {
    this.pool = createPool(databaseUrl);
    beforeEach(async () => {
      this.namespace = `p${this.#tests++}`;
      [this.clock, this.log, this.sent] = [new VirtualClock(NOW), new MemoryLog(), []];
      this.answer = () => done;
      await installPolicies(this.pool, this.namespace, policies);
    });
    afterEach(() => Promise.all(this.#running.splice(0).map((one) => one.stop())));
    afterAll(() => this.pool.end());
  }

  start(options: Partial<PolicyRunnerOptions> = {}): PolicyRunner {
    const { pool, namespace, log: source, clock } = this;
    const freshReader = () => () => Promise.reject(new Error('nothing is read here'));
    const runner = new PolicyRunner({
      ...{ pool, namespace, policies, source, clock, freshReader },
      send: (command) => this.#receive(command),
      ...options,
    });
    this.#running.push(runner);
    return runner;
  }

  happens(...events: readonly ItemEvent[]): readonly RecordedEvent[] {
    const recorded = events.map((event) => ({ ...itemEvent(++this.#place, event), occurredAt: this.clock.now() }));
    this.log.append(...recorded);
    return recorded;
  }

  statuses = () => policiesStatus({ pool: this.pool, namespace: this.namespace, policies, now: this.clock.now() });

  settled = (runner: PolicyRunner) => runner.settled(BigInt(this.#place * 100));

  /** The commands that had an effect: each id once, in the order of their first coming. */
  effects = () => [...new Map(this.sent.map((one) => [one.id, one.text])).values()];

  rows = async (query: string) =>
    (await this.pool.query<Record<string, unknown>>(query.replaceAll('$', this.schema))).rows;

  get schema(): string {
    return `${this.namespace}_policies`;
  }

  async #receive(command: Command): Promise<CommandResult> {
    const { commandId = '', actor } = issueOf(command) ?? {};
    const fields = Object.values(command).filter((value) => value !== undefined);
    this.sent.push({ id: commandId, text: `${command.constructor.name} ${fields.join(' ')}`, at: actor?.id ?? '' });
    return this.answer(command);
  }
}

export const done: CommandResult = { stream: 's', revision: 0n, position: 0n, events: ['Done'], duplicate: false };
