import type { PolicyRunnerState } from '#policies';
import type { Findings } from '../health/assessment.js';
import type { Metrics } from './metrics.js';

const RUNNER_STATES: readonly PolicyRunnerState[] = ['standing by', 'catching up', 'live', 'retrying', 'stopped'];

/** The policies as Postgres has them at the moment of the question, whichever process runs them. */
export class PolicyGauges {
  private readonly position;
  private readonly lagEvents;
  private readonly lagSeconds;
  private readonly open;
  private readonly due;
  private readonly parkedEvents;
  private readonly parkedDeadlines;
  private readonly run;
  private readonly runner;

  constructor(metrics: Metrics) {
    const ofPolicy = (name: string, help: string) => metrics.gauge(`taizhang_policy_${name}`, help, ['policy']);
    this.position = ofPolicy('position', 'Commit position up to which the policy has read');
    this.lagEvents = ofPolicy('lag_events', 'Events that it has not read yet: counted, up to 2000');
    this.lagSeconds = ofPolicy(
      'lag_seconds',
      'Age of the oldest event that it has not read yet, 0 when it has read all',
    );
    this.open = ofPolicy('open_deadlines', 'Deadlines that are set');
    this.due = ofPolicy('due_deadlines', 'Deadlines that have come and are not answered yet');
    this.parkedEvents = ofPolicy('parked_events', 'Events that it failed on, and those behind them');
    this.parkedDeadlines = ofPolicy('parked_deadlines', 'Deadlines that it failed on');
    this.run = ofPolicy('run', '1 when a process runs the policy');
    this.runner = metrics.gauge('taizhang_policy_runner', '1 for the state of the policies of this process', ['state']);
  }

  set({ policies, lags, policyRunner }: Findings): void {
    for (const gauge of [this.position, this.lagEvents, this.lagSeconds, this.run]) gauge.reset();
    for (const gauge of [this.open, this.due, this.parkedEvents, this.parkedDeadlines]) gauge.reset();
    for (const { policy, commit, holder, openDeadlines, dueDeadlines, parkedEvents, parkedDeadlines } of policies) {
      this.position.set({ policy }, Number(commit ?? 0));
      this.open.set({ policy }, openDeadlines);
      this.due.set({ policy }, dueDeadlines);
      this.parkedEvents.set({ policy }, parkedEvents);
      this.parkedDeadlines.set({ policy }, parkedDeadlines);
      this.run.set({ policy }, holder === null ? 0 : 1);
      const lag = lags.find(({ name }) => name === policy);
      if (lag === undefined) continue;
      this.lagEvents.set({ policy }, lag.events);
      this.lagSeconds.set({ policy }, lag.seconds);
    }
    for (const state of RUNNER_STATES) this.runner.set({ state }, policyRunner?.state === state ? 1 : 0);
  }
}
