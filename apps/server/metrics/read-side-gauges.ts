import type { RunnerStatus, VersionStatus } from '#read-store';
import type { Findings } from '../health/assessment.js';
import type { Metrics } from './metrics.js';

const READER_STATES: readonly RunnerStatus['state'][] = ['standing by', 'catching up', 'live', 'retrying', 'stopped'];

/** The read side as the stores have it at the moment of the question, whichever process feeds it. */
export class ReadSideGauges {
  private readonly up;
  private readonly position;
  private readonly lagEvents;
  private readonly lagSeconds;
  private readonly parkedEvents;
  private readonly parkedStreams;
  private readonly fed;
  private readonly builds;
  private readonly reader;
  private readonly waiting;
  private readonly unknown;

  constructor(metrics: Metrics) {
    this.up = metrics.gauge('taizhang_store_up', '1 when the store answers', ['store']);
    this.position = metrics.gauge('taizhang_projection_position', 'Commit position that readers see', ['projection']);
    this.lagEvents = metrics.gauge(
      'taizhang_projection_lag_events',
      'Events that readers do not see yet: counted, up to 2000, and 2000 means at least so many',
      ['projection'],
    );
    this.lagSeconds = metrics.gauge(
      'taizhang_projection_lag_seconds',
      'Age of the oldest event that readers do not see yet, 0 when they see all',
      ['projection'],
    );
    const ofVersion = ['projection', 'version', 'state'] as const;
    this.parkedEvents = metrics.gauge('taizhang_projection_dead_letters', 'Parked events that wait', ofVersion);
    this.parkedStreams = metrics.gauge('taizhang_projection_parked_streams', 'Streams that wait', ofVersion);
    this.fed = metrics.gauge('taizhang_projection_fed', '1 when a process feeds the version', ofVersion);
    this.builds = metrics.gauge(
      'taizhang_projection_build_ratio',
      'How far a version under construction has come towards what readers see, from 0 to 1',
      ['projection', 'version'],
    );
    this.reader = metrics.gauge('taizhang_projection_reader', '1 for the state of the reader of this process', [
      'state',
    ]);
    this.unknown = metrics.gauge(
      'taizhang_unknown_events',
      'Events passed by in this process, of types that this release does not know',
      ['type'],
    );
    this.waiting = metrics.gauge('taizhang_projection_waiting_deliveries', 'Read by this process, not yet written');
  }

  set({ postgres, eventStore, versions, lags, runner, unknownTypes }: Findings): void {
    this.up.set({ store: 'postgres' }, postgres === 'ok' ? 1 : 0);
    this.up.set({ store: 'event store' }, eventStore === 'ok' ? 1 : 0);
    for (const gauge of [this.position, this.lagEvents, this.lagSeconds]) gauge.reset();
    for (const gauge of [this.parkedEvents, this.parkedStreams, this.fed, this.builds]) gauge.reset();
    const shown = new Map(
      versions.flatMap(({ state, projection, commit = 0n }) =>
        state === 'living' ? [[projection, Number(commit)]] : [],
      ),
    );
    for (const [projection, commit] of shown) this.position.set({ projection }, commit);
    for (const { name: projection, events, seconds } of lags) {
      if (!shown.has(projection)) continue;
      this.lagEvents.set({ projection }, events);
      this.lagSeconds.set({ projection }, seconds);
    }
    for (const version of versions) this.setVersion(version, shown.get(version.projection) ?? 0);
    for (const state of READER_STATES) this.reader.set({ state }, runner?.state === state ? 1 : 0);
    this.waiting.set(runner?.waiting ?? 0);
    for (const [type, events] of unknownTypes) this.unknown.set({ type }, events);
  }

  private setVersion(version: VersionStatus, shown: number): void {
    const { projection, schema, state, holder, parkedEvents, parkedStreams, commit = 0n } = version;
    const labels = { projection, version: schema, state };
    this.parkedEvents.set(labels, parkedEvents);
    this.parkedStreams.set(labels, parkedStreams);
    this.fed.set(labels, holder === undefined ? 0 : 1);
    if (state === 'building' && shown > 0)
      this.builds.set({ projection, version: schema }, Math.min(1, Number(commit) / shown));
  }
}
