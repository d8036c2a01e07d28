import type { AnyProjection } from '#kernel';
import type { AnyReport } from '#read-store';
import { calendar } from './calendar/calendar.projection.js';
import { leadFunnel } from './lead-funnel/lead-funnel.projection.js';
import { opportunityFunnel } from './opportunity-funnel/opportunity-funnel.projection.js';
import { organisation } from './organisation/organisation.projection.js';
import { performance } from './performance/performance.projection.js';
import { reference } from './reference/reference.projection.js';

/** All projections with days as the given time zone has them; a later one's analytics may use an earlier one's. */
export const projectionsIn = (reportingZone: string): readonly AnyProjection[] => [
  calendar(reportingZone),
  organisation,
  reference,
  leadFunnel,
  opportunityFunnel,
  performance,
];

/** The names of all projections and of the events that each listens to. */
export const listeners: readonly { readonly name: string; readonly events: readonly string[] }[] = projectionsIn(
  'UTC',
).map(({ name, on }) => ({ name, events: Object.keys(on) }));

/** Every report: what REST, the command line and the demo can be asked. */
export const reports: readonly AnyReport[] = [];
