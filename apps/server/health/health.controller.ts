import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Assessment } from './assessment.js';
import { Health } from './health.service.js';

/** How this process is, for people and for whoever restarts or routes. */
@ApiTags('operation')
@Controller('health')
export class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get()
  @ApiOperation({ summary: 'ok, degraded (200, with reasons) or down (503) · 运行状况' })
  async all(@Res({ passthrough: true }) reply: FastifyReply): Promise<Assessment> {
    const assessment = await this.health.assessment();
    reply.status(assessment.status === 'down' ? 503 : 200);
    return assessment;
  }

  /** Says nothing of the stores: restarting this process would not mend them. */
  @Get('live')
  @ApiOperation({ summary: 'Whether this process answers at all · 存活' })
  live(): { readonly status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether to send requests here: 503 while a store does not answer · 就绪' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Pick<Assessment, 'status' | 'reasons'>> {
    const { status, reasons } = await this.health.assessment();
    reply.status(status === 'down' ? 503 : 200);
    return { status, reasons };
  }
}
