import type { DynamicModule } from '@nestjs/common';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { CrmModule } from '#crm';
import type { Alarm } from '#kernel';
import { systemAlarm } from '#policies';
import { CommandLoopModule } from './command-loop.module.js';
import { CommandsController } from './commands/commands.controller.js';
import { type ApplicationConfiguration } from './configuration.js';
import { documentApi } from './open-api.js';
import { PoliciesModule } from './policies.module.js';
import { ProblemFilter } from './problem.filter.js';
import { ReadSideModule } from './read-side.module.js';
import { CustomersController } from './reports/customers.controller.js';
import { ReportsController } from './reports/reports.controller.js';
import { StoresModule } from './stores.module.js';

@Controller()
class HealthController {
  @Get('health')
  health(): { readonly status: string } {
    return { status: 'ok' };
  }
}

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
      controllers: [HealthController, CommandsController, ReportsController, CustomersController],
    };
  }
}

/** A batch is read line by line, so it may be as long as it likes. */
const LONGEST_BATCH = 4 * 1024 ** 3;

/** The Nest application, not yet listening. */
export async function createApplication(
  configuration: ApplicationConfiguration,
  clock: Alarm = systemAlarm,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: configuration.maxBodyBytes });
  adapter
    .getInstance()
    .addContentTypeParser('application/x-ndjson', { bodyLimit: LONGEST_BATCH }, (_, payload, done) =>
      done(null, payload),
    );
  const application = await NestFactory.create<NestFastifyApplication>(
    ApplicationModule.with(configuration, clock),
    adapter,
    {
      logger: ['error', 'warn'],
      abortOnError: false,
    },
  );
  application.useGlobalFilters(new ProblemFilter());
  documentApi(application);
  return application;
}
