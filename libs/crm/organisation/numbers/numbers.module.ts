import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './numbers.commands.js';
import { numbers } from './numbers.decider.js';

export const numbersAggregate = aggregate(numbers, commands);

@Module({ providers: [...numbersAggregate.handlers] })
export class NumbersModule {}
