import { IsOptional } from 'class-validator';
import { Command, Id, Text } from '#event-store';

export class CreateUnit extends Command {
  @Id() readonly unitId!: string;
  @Text() readonly name!: string;
  @IsOptional() @Id() readonly parentId?: string;
}

export class MoveUnit extends Command {
  @Id() readonly unitId!: string;
  /** Absent: the unit comes to stand at the top. */
  @IsOptional() @Id() readonly parentId?: string;
}

export class CloseUnit extends Command {
  @Id() readonly unitId!: string;
}
