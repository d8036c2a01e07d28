import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './customer.commands.js';
import { customer } from './customer.decider.js';

export const customerAggregate = aggregate(customer, commands);

@Module({ providers: [...customerAggregate.handlers] })
export class CustomerModule {}
