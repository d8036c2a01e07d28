import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './sales-process.commands.js';
import { salesProcess } from './sales-process.decider.js';

export const salesProcessAggregate = aggregate(salesProcess, commands);

@Module({ providers: [...salesProcessAggregate.handlers] })
export class SalesProcessModule {}
