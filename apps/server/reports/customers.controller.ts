import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { ReportRow } from '#read-store';
import { NotFound } from '../not-found.js';
import { ReadModels } from '../read-side.module.js';
import type { Parameters } from './answer.js';
import { rowsOf } from './answer.js';
import { afterPosition } from './waiting.js';

const AS_OF = 'A day or an instant: business time. Default: now.';
const KNOWN_AT = 'A day or an instant: recorded time. Default: now.';
const AFTER = 'Wait until this position is visible.';

/** One customer as it is or was, and how it came to be so. */
@ApiTags('customers')
@Controller('customers')
export class CustomersController {
  constructor(private readonly models: ReadModels) {}

  @Get(':id')
  @ApiOperation({ summary: 'The record, now, as of any moment or at any revision · 客户记录' })
  @ApiQuery({ name: 'as_of', required: false, description: AS_OF })
  @ApiQuery({ name: 'known_at', required: false, description: KNOWN_AT })
  @ApiQuery({ name: 'revision', required: false, description: 'The record as this revision left it.' })
  @ApiQuery({ name: 'after', required: false, description: AFTER })
  async record(@Param('id') customer: string, @Query() query: Parameters): Promise<object> {
    const { revision, ...moment } = await afterPosition(this.models, query);
    if (revision === undefined)
      return { customerId: customer, fields: await this.ask('customer-as-of', { customer, ...moment }) };
    const fields = await this.ask('customer-at-revision', { customer, ...moment, at_revision: revision });
    await this.demandRevisions(customer, revision);
    return { customerId: customer, fields };
  }

  @Get(':id/revisions')
  @ApiOperation({ summary: 'Every revision: who, when, why, which field, old and new · 变更史' })
  @ApiQuery({ name: 'as_of', required: false, description: AS_OF })
  @ApiQuery({ name: 'known_at', required: false, description: KNOWN_AT })
  @ApiQuery({ name: 'after', required: false, description: AFTER })
  async revisions(@Param('id') customer: string, @Query() query: Parameters): Promise<object> {
    const parameters = await afterPosition(this.models, query);
    return { customerId: customer, revisions: await this.ask('customer-history', { customer, ...parameters }) };
  }

  @Get(':id/diff')
  @ApiOperation({ summary: 'What differs between two revisions · 版本差异' })
  @ApiQuery({ name: 'from' })
  @ApiQuery({ name: 'to' })
  async diff(@Param('id') customer: string, @Query() query: Parameters): Promise<object> {
    const { from: from_revision, to: to_revision, ...others } = await afterPosition(this.models, query);
    const parameters = { customer, from_revision, to_revision, ...others };
    const changes = await rowsOf(this.models, 'customer-diff', parameters);
    await this.demandRevisions(customer, from_revision, to_revision);
    return { customerId: customer, changes };
  }

  /** What a record will be at a revision still to come, nobody knows. */
  private async demandRevisions(customer: string, ...asked: readonly unknown[]): Promise<void> {
    const newest = Math.max(
      ...(await this.ask('customer-history', { customer })).map((row) => Number(row['revision'])),
    );
    const beyond = asked.map(Number).find((revision) => revision > newest);
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
