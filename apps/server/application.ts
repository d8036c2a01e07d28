import { isUtf8 } from 'node:buffer';
import type { DynamicModule } from '@nestjs/common';
import { BadRequestException, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { CrmModule } from '#crm';
import type { Alarm } from '#kernel';
import { systemAlarm } from '#policies';
import { CommandLoopModule } from './command-loop.module.js';
import { CommandsController } from './commands/commands.controller.js';
import { type ApplicationConfiguration } from './configuration.js';
import { HealthController } from './health/health.controller.js';
import { Health } from './health/health.service.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { documentApi } from './open-api.js';
import { PoliciesModule } from './policies.module.js';
import { problemOf } from './problem.js';
import { ProblemFilter } from './problem.filter.js';
import { ReadSideModule } from './read-side.module.js';
import { CustomersController } from './reports/customers.controller.js';
import { ReportsController } from './reports/reports.controller.js';
import { StoresModule } from './stores.module.js';

/** What a process answers that has the role api; every process tells how it is. */
const door = [CommandsController, ReportsController, CustomersController];
const operation = [HealthController, MetricsController];

@Module({})
class ApplicationModule {
  static with(configuration: ApplicationConfiguration, clock: Alarm): DynamicModule {
    return {
      module: ApplicationModule,
      imports: [
        CqrsModule.forRoot(),
        StoresModule.with(configuration, clock),
        CommandLoopModule,
        CrmModule,
        ReadSideModule,
        PoliciesModule,
      ],
      controllers: configuration.roles.includes('api') ? [...door, ...operation] : operation,
      providers: [Health],
    };
  }
}

/** A batch is read line by line, so it may be as long as it likes. */
const LONGEST_BATCH = 4 * 1024 ** 3;

/** Of a body that is refused for its size, so much is still read and thrown away. */
const LARGEST_DISCARDED = 64 * 1024 ** 2;

/** JSON as Fastify reads it, but bytes that are no UTF-8 are refused instead of replaced. */
function readJson(adapter: FastifyAdapter, bodyLimit: number): void {
  const parse = adapter.getInstance().getDefaultJsonParser('error', 'error');
  adapter.useBodyParser('application/json', false, { bodyLimit }, (request, body, done) => {
    if (isUtf8(body)) void parse(request, body.toString(), done);
    else done(new BadRequestException('The body is not UTF-8'));
  });
}

/** The Nest application, not yet listening. */
export async function createApplication(
  configuration: ApplicationConfiguration,
  clock: Alarm = systemAlarm,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: configuration.maxBodyBytes,
    // What is refused before there is a route, such as a malformed address.
    frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) => {
      const problem = problemOf(error);
      void reply.status(problem.status).type('application/problem+json').send(problem);
    },
  });
  adapter
    .getInstance()
    .addContentTypeParser('application/x-ndjson', { bodyLimit: LONGEST_BATCH }, (_, payload, done) =>
      done(null, payload),
    );
  readJson(adapter, configuration.maxBodyBytes);
  // A body that is too large is read to its end, so that its sender gets the answer instead of a broken connection.
  adapter.getInstance().addHook('onSend', (request, reply, payload, done) => {
    const isBounded = Number(request.headers['content-length']) <= LARGEST_DISCARDED;
    if (reply.statusCode === 413 && isBounded) reply.removeHeader('connection');
    done(null, payload);
  });
  const application = await NestFactory.create<NestFastifyApplication>(
    ApplicationModule.with(configuration, clock),
    adapter,
    {
      logger: ['error', 'warn'],
      abortOnError: false,
    },
  );
  application.useGlobalFilters(new ProblemFilter());
  if (configuration.roles.includes('api')) documentApi(application);
  return application;
}
