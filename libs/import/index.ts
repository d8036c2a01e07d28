export { CannotImport } from './cannot-import.js';
export { locateFiles, missingFiles } from './locate.js';
export type { Mapping } from './mapping.js';
export { parseMapping, readMapping } from './mapping-file.js';
export { planImport, type Plan } from './plan.js';
export type { CommandIssue, CommandOutcome, CommandPort } from './port.js';
export { isClean, type ImportReport, type RecordsReport, type RowReport } from './report.js';
export type { Fields, Json } from './row.js';
export { runImport, type ImportOptions } from './run.js';
