import { RowProblem } from './cannot-import.js';
import type { Commands } from './commands.js';
import { keyText } from './identity.js';
import type { KnownRecords } from './known-records.js';
import { FirstRows } from './known-records.js';
import type { Lanes } from './lanes.js';
import type { CommandOutcome, CommandPort, PreparedCommand } from './port.js';
import type { RecordSet } from './record-set.js';
import type { RowReport } from './report.js';
import { Tally } from './report.js';
import type { Row } from './row.js';
import type { Slots } from './slots.js';

/** What all groups of records of one run share. */
export interface Run {
  readonly port: CommandPort;
  readonly known: KnownRecords;
  readonly commands?: Commands;
  readonly lanes: Lanes;
  readonly slots: Slots;
  isStopped(): boolean;
  /** Nothing can be sent any more. */
  fail(error: unknown): void;
  onSettled(isSkipped: boolean): void;
  onRow(row: RowReport): void;
}

/** Sends one group of records: each row once, its commands in order, many rows at a time. */
export class SetImport {
  readonly tally = new Tally();
  private readonly firstRows = new FirstRows();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    readonly set: RecordSet,
    private readonly run: Run,
  ) {}

  async importAll(): Promise<void> {
    try {
      for await (const raw of this.set.rows()) {
        for (const row of this.set.read(raw)) {
          if (this.run.isStopped()) return;
          await this.begin(row, raw.line);
        }
      }
    } catch (error) {
      this.run.fail(error);
    } finally {
      await Promise.all(this.underWay);
    }
  }

  /** Begins to send a row as soon as there is a free slot, or settles it unsent. */
  private async begin(row: Row | RowProblem | undefined, line: number): Promise<void> {
    if (row === undefined) return this.settle('skipped');
    if (row instanceof RowProblem) return this.report('rejected', { row: line, field: row.field, reason: row.problem });
    const key = keyText(row.key);
    // A value that an earlier group of the same entity brought is no news.
    const { distinct, entity } = this.set.records;
    if (distinct && this.run.known.hasMet(entity, key)) return this.settle('skipped');
    const first = this.firstRows.note(key, row, line);
    if (first !== undefined) return distinct ? this.settle('skipped') : this.repeat(key, line, first);
    const commands = this.prepare(row, key, line);
    if (commands === undefined) return;
    await this.run.slots.take();
    const sent: Promise<void> = this.send(commands, key, line).finally(() => {
      this.underWay.delete(sent);
      this.run.slots.release();
    });
    this.underWay.add(sent);
  }

  private repeat(key: string, line: number, first: { readonly line: number; readonly isAlike: boolean }): void {
    if (first.isAlike) this.settle('duplicate');
    else
      this.report('differing', { row: line, key, reason: `repeats the key of row ${first.line} with other content` });
  }

  private prepare(row: Row, key: string, line: number): readonly PreparedCommand[] | undefined {
    try {
      const commands = this.set.prepare(row);
      this.check(commands);
      this.run.known.meet(this.set.records.entity, key);
      return commands;
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error;
      this.run.known.forget(this.set.records.entity, key);
      this.report('rejected', { row: line, key, field: error.field, reason: error.problem });
      return undefined;
    }
  }

  /** Nothing of a row is sent when one of its commands could never be taken. */
  private check(commands: readonly PreparedCommand[]): void {
    for (const { name, fields, issue } of commands) {
      const { occurredAt, reason } = issue;
      const [wrong] = this.run.commands?.problemsOf(name, { ...fields, occurredAt, reason }) ?? [];
      if (wrong !== undefined) throw new RowProblem(`${name}.${wrong.field}`, wrong.problem);
    }
  }

  private async send(commands: readonly PreparedCommand[], key: string, line: number): Promise<void> {
    try {
      const targets = new Set(commands.map(({ target }) => target));
      const { events, last } = await this.run.lanes.run(targets, () => this.sendInOrder(commands));
      if (last === undefined) return this.settle(events > 0 ? 'accepted' : 'duplicate', events);
      const { outcome, code, command, field = command, message = 'was not taken' } = last;
      const kind = outcome === 'differing' ? 'differing' : 'rejected';
      if (kind === 'rejected' && events === 0) this.run.known.forget(this.set.records.entity, key);
      this.report(kind, { row: line, key, field, reason: message, code }, events);
    } catch (error) {
      this.run.fail(error);
    }
  }

  /** Sends commands one after another, up to the `last` one when it is not taken. */
  private async sendInOrder(commands: readonly PreparedCommand[]) {
    let events = 0;
    for (const { name: command, fields, issue } of commands) {
      const answer: CommandOutcome = await this.run.port.send(command, fields, issue);
      events += answer.events;
      if (answer.outcome !== 'accepted' && answer.outcome !== 'duplicate')
        return { events, last: { ...answer, command } };
    }
    return { events, last: undefined };
  }

  private settle(outcome: Parameters<Tally['count']>[0], events = 0): void {
    this.tally.count(outcome, events);
    this.run.onSettled(outcome === 'skipped');
  }

  private report(
    kind: RowReport['kind'],
    row: Pick<RowReport, 'row' | 'key' | 'field' | 'reason' | 'code'>,
    events = 0,
  ): void {
    this.run.onRow({ records: this.set.name, file: this.set.fileName, kind, ...row });
    this.settle(kind, events);
  }
}
