import type { MessageEvent } from '@nestjs/common';
import { Controller, Get, Param, Query, Sse } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { concatMap, from, map, type Observable, throttleTime } from 'rxjs';
import { z } from 'zod';
import { reports } from '#projections';
import type { AnyReport, ReportRow } from '#read-store';
import { runReport } from '#read-store';
import { ReadModels } from '../read-side.module.js';
import { knownReport } from './answer.js';
import { afterPosition } from './waiting.js';

interface Answer {
  readonly report: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly rows: readonly ReportRow[];
}

/** A live report is computed anew at most this often. */
const LIVE_INTERVAL_MS = 250;

/** The questions that the read models answer; the same functions stand in SQL under the schema `analytics`. */
@ApiExcludeController()
@Controller('reports')
export class ReportsController {
  constructor(private readonly models: ReadModels) {}

  @Get()
  list(): readonly object[] {
    return reports.map(({ name, title, parameters, opensInto }) => ({
      name,
      title,
      parameters: z.toJSONSchema(parameters),
      opensInto,
    }));
  }

  @Get(':name')
  async one(@Param('name') name: string, @Query() query: Readonly<Record<string, unknown>>): Promise<Answer> {
    const report = knownReport(name);
    return this.answer(report, await afterPosition(this.models, report, query));
  }

  /** The report, and again whenever the read models have moved; what it waits for it waits for before the stream begins. */
  @Sse(':name/live')
  async live(
    @Param('name') name: string,
    @Query() query: Readonly<Record<string, unknown>>,
  ): Promise<Observable<MessageEvent>> {
    const report = knownReport(name);
    const parameters = await afterPosition(this.models, report, query);
    return this.models.progress.positions$.pipe(
      throttleTime(LIVE_INTERVAL_MS, undefined, { leading: true, trailing: true }),
      concatMap(() => from(this.answer(report, parameters))),
      map((data) => ({ data, type: 'report' })),
    );
  }

  private async answer(report: AnyReport, parameters: Readonly<Record<string, unknown>>): Promise<Answer> {
    return { report: report.name, parameters, rows: await runReport(this.models.pool, report, parameters) };
  }
}
