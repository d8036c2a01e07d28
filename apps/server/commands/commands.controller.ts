import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Headers,
  HttpCode,
  Param,
  Post,
  Res,
  StreamableFile,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { outcomes } from './batch.js';
import { commandFrom } from './command-catalogue.js';
import type { Headers as RequestHeaders } from './issue.js';
import { issueFrom } from './issue.js';
import type { CommandReply } from './outcome.js';
import { replyOf } from './outcome.js';

/** The one door through which every command comes. */
@ApiExcludeController()
@Controller('commands')
export class CommandsController {
  constructor(private readonly bus: CommandBus) {}

  @Post(':name')
  @HttpCode(200)
  async one(
    @Param('name') name: string,
    @Body() body: unknown,
    @Headers() headers: RequestHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandReply> {
    const command = commandFrom(name, body).issuedBy(issueFrom(headers, name));
    const result = await this.bus.execute(command);
    reply.header('etag', `"${result.revision}"`);
    if (result.duplicate) reply.header('idempotent-replayed', 'true');
    return replyOf(result);
  }

  /** NDJSON in, NDJSON out: one command and one outcome a line, in order; each stands for itself. */
  @Post()
  @HttpCode(200)
  many(@Body() lines: unknown, @Headers() headers: RequestHeaders): StreamableFile {
    if (!(lines instanceof Readable))
      throw new UnsupportedMediaTypeException(
        'Content-Type must be application/x-ndjson here, one command a line; a single one goes to POST /commands/<CommandName>',
      );
    return new StreamableFile(outcomes(lines, headers, this.bus), { type: 'application/x-ndjson' });
  }
}
