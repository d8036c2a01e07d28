import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ApplicationConfiguration } from './configuration.js';

@Controller()
class HealthController {
  @Get('health')
  health(): { readonly status: string } {
    return { status: 'ok' };
  }
}

@Module({ controllers: [HealthController] })
class ApplicationModule {}

/** The Nest application, not yet listening. */
export function createApplication({ maxBodyBytes }: ApplicationConfiguration): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ bodyLimit: maxBodyBytes });
  return NestFactory.create<NestFastifyApplication>(ApplicationModule, adapter, { logger: ['error', 'warn'] });
}
