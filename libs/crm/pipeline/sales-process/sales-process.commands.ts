import { ArrayMaxSize, ArrayMinSize, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Code, Command, Id, Part, Parts, Text, Whole } from '#event-store';

const STAGE_KINDS = ['open', 'won', 'lost'] as const;

class ExitCriterion {
  @Code() readonly id!: string;
  @Text() readonly name!: string;
  @IsBoolean() readonly required!: boolean;
}

class Stage {
  @Code() readonly id!: string;
  @Text() readonly name!: string;
  @Whole(0) readonly orderIndex!: number;
  @IsIn(STAGE_KINDS) readonly kind!: (typeof STAGE_KINDS)[number];
  @Whole(0, 100) readonly probability!: number;
  @ArrayMaxSize(50) @Parts(() => ExitCriterion) readonly exitCriteria!: readonly ExitCriterion[];
  @IsOptional() @Whole(1) readonly maxDays?: number;
}

class ProcessRules {
  @IsBoolean() readonly allowSkip!: boolean;
  @IsBoolean() readonly allowRegress!: boolean;
  @IsOptional() @Whole(0) readonly reopenWindowDays?: number;
}

export class DefineSalesProcess extends Command {
  @Id() readonly processId!: string;
  @Text() readonly name!: string;
}

export class PublishSalesProcessVersion extends Command {
  @Id() readonly processId!: string;
  @Whole(1) readonly version!: number;
  @ArrayMinSize(1) @ArrayMaxSize(100) @Parts(() => Stage) readonly stages!: readonly Stage[];
  @Part(() => ProcessRules) readonly rules!: ProcessRules;
}

export class RetireSalesProcessVersion extends Command {
  @Id() readonly processId!: string;
  @Whole(1) readonly version!: number;
}
