import type { AnyProjection } from '#kernel';
import type { AnyReport } from '#read-store';
import { calendar } from './calendar/calendar.projection.js';
import { customerHistory } from './customer-history/customer-history.projection.js';
import { customerReports } from './customer-history/customer-history.query.js';
import { dataQuality } from './data-quality/data-quality.projection.js';
import { dataQualityReports } from './data-quality/data-quality.query.js';
import { dictionary } from './dictionary/dictionary.projection.js';
import { leadFunnel } from './lead-funnel/lead-funnel.projection.js';
import { leadReports } from './lead-funnel/lead-funnel.query.js';
import { opportunityFunnel } from './opportunity-funnel/opportunity-funnel.projection.js';
import { opportunityReports } from './opportunity-funnel/opportunity-funnel.query.js';
import { organisation } from './organisation/organisation.projection.js';
import { organisationReports } from './organisation/organisation.query.js';
import { performance } from './performance/performance.projection.js';
import { performanceReports } from './performance/performance.query.js';
import { reference } from './reference/reference.projection.js';
import { roi } from './roi/roi.projection.js';
import { roiReports } from './roi/roi.query.js';

export { installedReportingZone } from './calendar/installed-zone.js';
export { revision } from './customer-history/customer-history.query.js';

/** All projections with days as the given time zone has them; a later one's analytics may use an earlier one's. */
export const projectionsIn = (reportingZone: string): readonly AnyProjection[] => [
  calendar(reportingZone),
  organisation,
  reference,
  leadFunnel,
  opportunityFunnel,
  performance,
  roi,
  customerHistory,
  dataQuality,
  dictionary,
];

/** The names of all projections and of the events that each listens to. */
export const listeners: readonly { readonly name: string; readonly events: readonly string[] }[] = projectionsIn(
  'UTC',
).map(({ name, on }) => ({ name, events: Object.keys(on) }));

/** Every report: what REST, the command line and the demo can be asked. */
export const reports: readonly AnyReport[] = [
  leadReports,
  opportunityReports,
  performanceReports,
  roiReports,
  customerReports,
  organisationReports,
  dataQualityReports,
].flat();

/** The report of this name, if there is one. */
export const reportNamed = (name: string): AnyReport | undefined => reports.find((report) => report.name === name);
