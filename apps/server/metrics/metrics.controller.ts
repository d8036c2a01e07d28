import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Health } from '../health/health.service.js';
import { Metrics } from './metrics.js';
import { PolicyGauges } from './policy-gauges.js';
import { ReadSideGauges } from './read-side-gauges.js';

/** What Prometheus scrapes. */
@ApiTags('operation')
@Controller('metrics')
export class MetricsController {
  private readonly gauges;

  constructor(
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(Health) private readonly health: Health,
  ) {
    this.gauges = [new ReadSideGauges(metrics), new PolicyGauges(metrics)];
  }

  @Get()
  @ApiOperation({ summary: 'Counts, durations and lag, in the format of Prometheus · 指标' })
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const findings = await this.health.findings();
    for (const gauges of this.gauges) gauges.set(findings);
    void reply.type(this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
