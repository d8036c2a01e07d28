import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import * as commands from './campaign.commands.js';
import { campaign } from './campaign.decider.js';

export const campaignAggregate = aggregate(campaign, commands);

@Module({ providers: [...campaignAggregate.handlers] })
export class CampaignModule {}
