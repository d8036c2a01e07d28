import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './pool.commands.js';
import { pool } from './pool.decider.js';

export const poolAggregate = aggregate(pool, commands);

@Module({ providers: [...poolAggregate.handlers] })
export class PoolModule {}
