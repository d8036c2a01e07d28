import type { PolicyRunnerStatus, PolicyStatus } from '#policies';
import type { Lag, RunnerStatus, VersionStatus } from '#read-store';
import { LONGEST_LAG_SECONDS } from './bounds.js';
import { complaintsOf, policyHealth, type PolicyHealth } from './policies.js';

/** ok: everything works; degraded: it answers, and somebody has to look; down: it cannot do its work. */
export type Condition = 'ok' | 'degraded' | 'down';

/** What readers see of a projection, and how far it is behind the log. */
export interface ProjectionHealth {
  readonly name: string;
  readonly version: string;
  readonly position: string | undefined;
  readonly lagEvents: number | undefined;
  readonly lagSeconds: number | undefined;
  readonly parkedStreams: number;
  readonly fedBy: string | undefined;
}

export interface Assessment {
  readonly status: Condition;
  /** Why it is not ok, each with what to do about it. */
  readonly reasons: readonly string[];
  readonly postgres: Answering;
  readonly eventStore: Answering;
  /** What the projections of this process do; absent when it has not that role. */
  readonly reader: RunnerStatus['state'] | undefined;
  readonly projections: readonly ProjectionHealth[];
  /** What the policies of this process do; absent when it has not that role. */
  readonly policyRunner: PolicyRunnerStatus['state'] | undefined;
  readonly policies: readonly PolicyHealth[];
  /** How many events of each type that this release does not know were passed by in this process. */
  readonly unknownEvents: Readonly<Record<string, number>>;
}

/** Without Postgres nobody knows from where to ask the event store. */
export type Answering = 'ok' | 'unknown' | { readonly down: string };

export interface Findings {
  readonly postgres: Answering;
  readonly eventStore: Answering;
  readonly runner: RunnerStatus | undefined;
  readonly versions: readonly VersionStatus[];
  readonly policyRunner: PolicyRunnerStatus | undefined;
  /** Those that this program has. */
  readonly policies: readonly PolicyStatus[];
  /** Of projections and of policies. */
  readonly lags: readonly Lag[];
  readonly unknownTypes: ReadonlyMap<string, number>;
  readonly now: string;
}

/** What the findings mean. */
export function assess(findings: Findings): Assessment {
  const { postgres, eventStore, runner, policyRunner, now } = findings;
  const projections = shownProjections(findings);
  const policies = findings.policies.map((one) => policyHealth(one, findings.lags));
  const outages = [outage('Postgres', postgres), outage('The event store', eventStore)].flat();
  const reasons = [
    ...outages,
    ...projections.flatMap((one) => [...complaints(one)]),
    ...ofRunner('projections', runner),
    ...policies.flatMap((one) => [...complaintsOf(one, now)]),
    ...ofRunner('policies', policyRunner),
  ];
  return {
    status: outages.length > 0 ? 'down' : reasons.length > 0 ? 'degraded' : 'ok',
    reasons,
    postgres,
    eventStore,
    reader: runner?.state,
    projections,
    policyRunner: policyRunner?.state,
    policies,
    unknownEvents: Object.fromEntries(findings.unknownTypes),
  };
}

const outage = (name: string, answering: Answering): readonly string[] =>
  typeof answering === 'string' ? [] : [`${name} does not answer: ${answering.down}`];

const shownProjections = ({ versions, lags }: Findings): readonly ProjectionHealth[] =>
  versions
    .filter(({ state }) => state === 'living')
    .map(({ projection, schema, commit, parkedStreams, holder }) => {
      const lag = lags.find(({ name }) => name === projection);
      return {
        name: projection,
        version: schema,
        position: commit?.toString(),
        lagEvents: lag?.events,
        lagSeconds: lag?.seconds,
        parkedStreams,
        fedBy: holder,
      };
    });

function* complaints({ name, parkedStreams, fedBy, lagSeconds = 0 }: ProjectionHealth): Iterable<string> {
  if (parkedStreams > 0)
    yield `${name} has ${parkedStreams} parked ${parkedStreams === 1 ? 'stream' : 'streams'}: see \`taizhang projections status\`, then replay-dead or skip them`;
  if (fedBy === undefined) yield `${name} is fed by nobody: start a server with the role projections`;
  if (lagSeconds > LONGEST_LAG_SECONDS) yield `${name} is ${Math.round(lagSeconds)} s behind the log`;
}

const ofRunner = (what: string, runner: RunnerStatus | PolicyRunnerStatus | undefined): readonly string[] =>
  runner?.state === 'retrying'
    ? [`The ${what} of this process are being tried again: ${runner.lastError?.message ?? ''}`]
    : [];
