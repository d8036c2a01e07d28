import { applyDecorators } from '@nestjs/common';
import { Matches } from 'class-validator';
import { Code, Command, Day, Id } from '#event-store';
import { SUBJECT_KINDS } from './data-subject.events.js';

const UUID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const A_SUBJECT = new RegExp(`^((${SUBJECT_KINDS.join('|')}):${UUID}|actor:\\S{1,200})$`);

/** A kind of record and its id: `customer:3f2c…`; or who acts and is no employee, by the id that they act under. */
const Subject = (): PropertyDecorator =>
  applyDecorators(
    Matches(A_SUBJECT, {
      message: `$property must be one of ${SUBJECT_KINDS.join(', ')}, a colon and the UUID of the record; or actor: and the id of who acts`,
    }),
  );

export class LinkDataSubjects extends Command {
  @Subject() readonly subject!: string;
  @Subject() readonly linked!: string;
}

export class PlaceLegalHold extends Command {
  @Subject() readonly subject!: string;
  @Id() readonly holdId!: string;
  /** Such as `litigation` or `audit`. */
  @Code() readonly ground!: string;
}

export class LiftLegalHold extends Command {
  @Subject() readonly subject!: string;
  @Id() readonly holdId!: string;
}

export class BeginStatutoryRetention extends Command {
  @Subject() readonly subject!: string;
  /** Such as `won_deal`. */
  @Code() readonly ground!: string;
  /** The deal that the law wants proven. */
  @Id() readonly basis!: string;
  @Day() readonly until!: string;
}

export class RequestErasure extends Command {
  @Subject() readonly subject!: string;
  @Id() readonly erasureId!: string;
}

/** Carries out what was requested; without a request it is refused. */
export class DestroySubjectKey extends Command {
  @Subject() readonly subject!: string;
}
