import type { Respelling } from './cells.js';
import type { RecordSet } from './record-set.js';

/** A row that was not imported as it stands. */
export interface RowReport {
  readonly records: string;
  readonly file?: string;
  /** The line of the file where the row begins. */
  readonly row: number;
  readonly key?: string;
  readonly kind: 'rejected' | 'differing';
  /** The column, or the field of the command. */
  readonly field?: string;
  readonly reason: string;
  readonly code?: string;
}

/** What became of one group of records. */
export interface RecordsReport {
  readonly records: string;
  readonly file?: string;
  /** The file is optional and was not there. */
  readonly isAbsent: boolean;
  readonly rows: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly differing: number;
  readonly rejected: number;
  /** Rows that the mapping does not want, and repeated values where it asks for distinct ones. */
  readonly skipped: number;
  readonly events: number;
  readonly respellings: readonly Readonly<Respelling>[];
}

export interface ImportReport {
  readonly source: string;
  readonly records: readonly RecordsReport[];
  readonly rows: number;
  readonly events: number;
  readonly seconds: number;
  /** True when it was interrupted; starting again goes on where it was. */
  readonly isStopped: boolean;
}

/** Counts what becomes of the rows of one group of records. */
export class Tally {
  private readonly counts = { accepted: 0, duplicate: 0, differing: 0, rejected: 0, skipped: 0 };
  private events = 0;

  count(outcome: keyof Tally['counts'], events = 0): void {
    this.counts[outcome] += 1;
    this.events += events;
  }

  report(set: RecordSet): RecordsReport {
    const { accepted, duplicate, differing, rejected } = this.counts;
    return {
      records: set.name,
      file: set.fileName,
      isAbsent: set.isAbsent,
      rows: accepted + duplicate + differing + rejected,
      ...this.counts,
      events: this.events,
      respellings: set.respellings(),
    };
  }
}

/** True when every row was imported or had been before. */
export const isClean = ({ records }: ImportReport): boolean =>
  records.every(({ rejected, differing }) => rejected === 0 && differing === 0);
