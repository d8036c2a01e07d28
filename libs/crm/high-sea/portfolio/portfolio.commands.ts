import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Code, Command, Id, Instant, InternalCommand, Whole } from '#event-store';
import { ENTITY_KINDS } from '../pool/pool.events.js';

type EntityKind = (typeof ENTITY_KINDS)[number];

/** The reason is mandatory. */
export class SetHoldingCap extends Command {
  @Id() readonly repId!: string;
  @IsIn(ENTITY_KINDS) readonly entityKind!: EntityKind;
  /** Absent: the caps of the pools hold again. */
  @IsOptional() @Whole(0) readonly cap?: number;
}

abstract class OfRecord extends InternalCommand {
  @Id() readonly repId!: string;
  @IsIn(ENTITY_KINDS) readonly entityKind!: EntityKind;
  @Id() readonly recordId!: string;
  /** Which ownership of the record it is, counted by the record itself. */
  @Whole(1) readonly visit!: number;
}

export class ReserveHolding extends OfRecord {
  /** The id of the event by which the record will be taken. */
  @Code() readonly reservationId!: string;
  /** Where it will stand. */
  @Code() readonly stream!: string;
  /** What the pool allows; the employee's own cap goes before it. */
  @IsOptional() @Whole(0) readonly cap?: number;
  /** A manager wants it counted but not refused. */
  @IsBoolean() readonly overridesCap!: boolean;
  @Instant() readonly until!: string;
}

/** The employee owns the record. */
export class AddHolding extends OfRecord {
  /** The event by which the record was taken. */
  @Code() readonly reservationId!: string;
}

/** This ownership of the record has ended. */
export class RemoveHolding extends OfRecord {}

/** Looks whether the record was taken, and adds it or releases its room. */
export class SettleHolding extends InternalCommand {
  @Id() readonly repId!: string;
  @Code() readonly reservationId!: string;
}
