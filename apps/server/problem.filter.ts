import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { problemOf } from './problem.js';

/** Answers every failure as problem details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const problem = problemOf(error);
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (problem.status === 503) reply.header('retry-after', '1');
    void reply.status(problem.status).type('application/problem+json').send(problem);
  }
}
