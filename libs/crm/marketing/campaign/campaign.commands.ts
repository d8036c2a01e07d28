import { IsIn, IsOptional } from 'class-validator';
import { Clearable, Command, Day, Id, NonNegativeAmount, Part, Text } from '#event-store';
import { COST_KINDS } from './campaign.events.js';

type CostKind = (typeof COST_KINDS)[number];

export class PlanCampaign extends Command {
  @Id() readonly campaignId!: string;
  @Text() readonly name!: string;
  @IsOptional() @Text(100) readonly channel?: string;
  @IsOptional() @Day() readonly startsOn?: string;
  @IsOptional() @Day() readonly endsOn?: string;
  @IsOptional() @Part(() => NonNegativeAmount) readonly budget?: NonNegativeAmount;
}

/** A field that is not mentioned stays as it is; one that is null loses its value. */
export class ReviseCampaign extends Command {
  @Id() readonly campaignId!: string;
  @IsOptional() @Text() readonly name?: string;
  @Clearable() @Text(100) readonly channel?: string | null;
  @Clearable() @Day() readonly startsOn?: string | null;
  @Clearable() @Day() readonly endsOn?: string | null;
  @Clearable() @Part(() => NonNegativeAmount) readonly budget?: NonNegativeAmount | null;
}

export class ApproveCampaign extends Command {
  @Id() readonly campaignId!: string;
}

export class LaunchCampaign extends Command {
  @Id() readonly campaignId!: string;
}

export class CloseCampaign extends Command {
  @Id() readonly campaignId!: string;
}

export class BookCampaignCost extends Command {
  @Id() readonly campaignId!: string;
  @Id() readonly costId!: string;
  @Part(() => NonNegativeAmount) readonly amount!: NonNegativeAmount;
  @Day() readonly bookedFor!: string;
  @IsIn(COST_KINDS) readonly kind!: CostKind;
}

export class VoidCampaignCost extends Command {
  @Id() readonly campaignId!: string;
  @Id() readonly costId!: string;
}
