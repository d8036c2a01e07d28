import { IsIn } from 'class-validator';
import { Command, Id } from '#event-store';
import { FOLLOW_UP_CHANNELS, FOLLOW_UP_OUTCOMES } from '../../common.events.js';
import { ENTITY_KINDS } from '../../high-sea/pool/pool.events.js';

/** The actor is the author. */
export class RecordFollowUp extends Command {
  @Id() readonly followUpId!: string;
  @IsIn(ENTITY_KINDS) readonly entityKind!: (typeof ENTITY_KINDS)[number];
  /** The lead or customer. */
  @Id() readonly recordId!: string;
  @IsIn(FOLLOW_UP_CHANNELS) readonly channel!: (typeof FOLLOW_UP_CHANNELS)[number];
  @IsIn(FOLLOW_UP_OUTCOMES) readonly outcome!: (typeof FOLLOW_UP_OUTCOMES)[number];
}
