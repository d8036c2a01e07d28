import { Command as CqrsCommand } from '@nestjs/cqrs';
import { plainToInstance, Type } from 'class-transformer';
import { IsOptional, Matches, ValidateNested } from 'class-validator';
import type { Actor } from '#kernel';
import { Instant, Text } from './command-fields.js';
import { plainInstance } from './field-rules.js';
import { withoutNulls } from './nulls.js';

/** What a command answers, now and whenever it is sent again under the same id. */
export interface CommandResult {
  readonly stream: string;
  /** The revision of the stream after the command. */
  readonly revision: bigint;
  /** Where the last event lies in the log, for waiting reads; null when nothing ever happened in the stream. */
  readonly position: bigint | null;
  /** The types of the events that the command caused; none when it changed nothing. */
  readonly events: readonly string[];
  /** Numbers that the record was given, by field. */
  readonly numbers?: Readonly<Record<string, string>>;
  /** True when an earlier attempt with the same id had done it. */
  readonly duplicate: boolean;
}

/** Who sends a command, under which id, and because of what. */
export interface Issue {
  readonly commandId: string;
  readonly actor: Actor;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly onBehalfOf?: string;
  /** The caller's own optimistic lock: refused unless the stream is at this revision. */
  readonly expectedRevision?: bigint;
}

/** Why a command is given: a stable code, and free text for people. */
export class CommandReason {
  @Matches(/^[a-z][a-z0-9_]{0,99}$/, { message: 'code must be a lower_snake_case word' })
  readonly code!: string;

  @IsOptional()
  @Text(10_000)
  readonly text?: string;
}

/** The fields of a command class, without what the bus adds. */
export type FieldsOf<C> = {
  [Key in keyof C as Key extends 'issuedBy' | symbol ? never : Key]: C[Key];
};

/** An intention. Subclasses list their fields once, decorated; build one with `ClaimLead.of({ … })`. */
export abstract class Command extends CqrsCommand<CommandResult> {
  /** Kept out of the fields, so that it is neither validated nor hashed. */
  #issue: Issue | undefined;

  /** Business time; only imports and simulations may set it, in the past. */
  @IsOptional()
  @Instant()
  readonly occurredAt?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => CommandReason)
  readonly reason?: CommandReason;

  static of<C extends Command>(this: new () => C, fields: FieldsOf<C>): C {
    return commandOf(this, fields);
  }

  /** Says who sends the command. */
  issuedBy(issue: Issue): this {
    this.#issue = issue;
    return this;
  }

  /** Only this class can look into a command. */
  static issueOf(command: Command): Issue | undefined {
    return command.#issue;
  }
}

/** A step that the system takes by itself: no door lets it in from outside. */
export abstract class InternalCommand extends Command {}

/** A command with these fields, its parts made instances of their classes; not checked yet. */
export const commandOf = <C extends Command>(commandClass: new () => C, fields: object): C =>
  withoutNulls(plainInstance(commandClass, fields) ?? plainToInstance(commandClass, fields));

/** The issue of a command, if its sender named one. */
export const issueOf = (command: Command): Issue | undefined => Command.issueOf(command);
