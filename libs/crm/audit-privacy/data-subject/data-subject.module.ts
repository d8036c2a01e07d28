import { Inject, Module } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { CommandHandler } from '@nestjs/cqrs';
import type { Aggregate, CommandResult, LookingUp, LookUp, ReadFact } from '#event-store';
import { aggregate, awaited, CommandLoop, definitionOf, SubjectKeys } from '#event-store';
import * as commands from './data-subject.commands.js';
import type { DataSubject, DataSubjectFacts } from './data-subject.decider.js';
import { dataSubject } from './data-subject.decider.js';

type LookUpSubject = LookUp<DataSubject, typeof commands, DataSubjectFacts>;

/** What keeps the same person elsewhere from being erased keeps them here as well. */
const lookUpElsewhere: LookUpSubject = function* (command, { linked }, read) {
  const elsewhere = command instanceof commands.RequestErasure ? yield* linkedTo(command.subject, linked, read) : [];
  return { elsewhere, areKeysGone: false };
};

/** All that links lead to, over however many records. */
function* linkedTo(subject: string, linked: readonly string[], read: ReadFact): LookingUp<readonly DataSubject[]> {
  const seen = new Set([subject]);
  const found: DataSubject[] = [];
  for (let next = linked; next.length > 0;) {
    const fresh = [...new Set(next)].filter((one) => !seen.has(one));
    for (const one of fresh) seen.add(one);
    const states: DataSubject[] = [];
    for (const one of fresh) states.push(yield* read(dataSubject, one));
    found.push(...states);
    next = states.flatMap((one) => one.linked);
  }
  return found;
}

/** Destroys the keys, then says so. The request stands in the stream before and is never taken back, so a crash in between is mended by trying again. */
@CommandHandler(commands.DestroySubjectKey)
export class DestroySubjectKeyHandler implements ICommandHandler<commands.DestroySubjectKey> {
  constructor(
    @Inject(CommandLoop) private readonly loop: CommandLoop,
    @Inject(SubjectKeys) private readonly keys: SubjectKeys,
  ) {}

  execute(command: commands.DestroySubjectKey): Promise<CommandResult> {
    const { keys } = this;
    const lookUp: LookUpSubject = function* (_, { erasure }) {
      if (erasure !== undefined) yield* awaited(keys.destroy(erasure.keys));
      return { elsewhere: [], areKeysGone: erasure !== undefined };
    };
    return this.loop.run(definitionOf(dataSubject, lookUp), command);
  }
}

const whole = aggregate(dataSubject, commands, lookUpElsewhere);

export const dataSubjectAggregate: Aggregate = {
  ...whole,
  handlers: [
    ...whole.handlers.filter((handler) => !('name' in handler && handler.name === DestroySubjectKeyHandler.name)),
    DestroySubjectKeyHandler,
  ],
};

@Module({ providers: [...dataSubjectAggregate.handlers] })
export class DataSubjectModule {}
