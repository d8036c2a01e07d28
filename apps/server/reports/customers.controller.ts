import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import { revision } from '#projections';
import type { ReportRow } from '#read-store';
import { asOf, checked } from '#read-store';
import { NotFound } from '../not-found.js';
import { ReadModels } from '../read-side.module.js';
import type { Parameters } from './answer.js';
import { knownReport, rowsOf } from './answer.js';
import { afterPosition } from './waiting.js';

/** What can be asked of one customer, with the parameters of each question. */
export const customerQuestions = {
  record: z
    .strictObject({ ...asOf, revision: revision.optional() })
    .refine((asked) => asked.revision === undefined || (asked.as_of ?? asked.known_at) === undefined, {
      path: ['revision'],
      error: 'says by itself which record is meant: leave out as_of and known_at',
    }),
  revisions: z.strictObject(asOf),
  diff: z.strictObject({ from: revision, to: revision }),
};

/** One customer as it is or was, and how it came to be so. */
@ApiExcludeController()
@Controller('customers')
export class CustomersController {
  constructor(private readonly models: ReadModels) {}

  @Get(':id')
  async record(@Param('id') customer: string, @Query() query: Parameters): Promise<object> {
    const asked = await this.asked('a customer', customerQuestions.record, 'customer-as-of', query);
    const { revision: at_revision, ...moment } = asked;
    if (at_revision === undefined)
      return { customerId: customer, fields: await this.ask('customer-as-of', { customer, ...moment }) };
    const fields = await this.ask('customer-at-revision', { customer, at_revision });
    await this.demandRevisions(customer, at_revision);
    return { customerId: customer, fields };
  }

  @Get(':id/revisions')
  async revisions(@Param('id') customer: string, @Query() query: Parameters): Promise<object> {
    const asked = await this.asked('revisions', customerQuestions.revisions, 'customer-history', query);
    return { customerId: customer, revisions: await this.ask('customer-history', { customer, ...asked }) };
  }

  @Get(':id/diff')
  async diff(@Param('id') customer: string, @Query() query: Parameters): Promise<object> {
    const { from, to } = await this.asked('diff', customerQuestions.diff, 'customer-diff', query);
    const parameters = { customer, from_revision: from, to_revision: to };
    const changes = await rowsOf(this.models, 'customer-diff', parameters);
    await this.demandRevisions(customer, from, to);
    return { customerId: customer, changes };
  }

  /** What a question asks, once the report that answers it has seen the position that it may name. */
  private async asked<Question extends z.ZodType>(
    name: string,
    question: Question,
    report: string,
    query: Parameters,
  ): Promise<z.output<Question>> {
    return checked(name, question, await afterPosition(this.models, knownReport(report), query));
  }

  /** What a record will be at a revision still to come, nobody knows. */
  private async demandRevisions(customer: string, ...asked: readonly number[]): Promise<void> {
    const newest = Math.max(
      ...(await this.ask('customer-history', { customer })).map((row) => Number(row['revision'])),
    );
    const beyond = asked.find((one) => one > newest);
    if (beyond === undefined) return;
    throw new NotFound('UNKNOWN_REVISION', `customer ${customer} has no revision ${beyond}; the newest is ${newest}`);
  }

  /** A customer without a single field is none. */
  private async ask(report: string, parameters: Parameters): Promise<ReportRow[]> {
    const rows = await rowsOf(this.models, report, parameters);
    if (rows.length > 0) return rows;
    const { customer } = parameters;
    throw new NotFound('UNKNOWN_CUSTOMER', `there was no customer ${String(customer)} at that time`);
  }
}
