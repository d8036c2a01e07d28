import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './product.commands.js';
import { product } from './product.decider.js';

export const productAggregate = aggregate(product, commands);

@Module({ providers: [...productAggregate.handlers] })
export class ProductModule {}
