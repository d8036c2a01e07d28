import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import { managersFrom } from '../attribution.js';
import * as commands from './employee.commands.js';
import { employee } from './employee.decider.js';

/** After all other days: the tree as it will stand when nothing more is said. */
const IN_THE_END = '9999-12-31';

export const employeeAggregate = aggregate(employee, commands, function* (command, _, read) {
  if (!('managerId' in command)) return { managerPath: [] };
  const day = command instanceof commands.HireEmployee ? command.hiredOn : command.effectiveOn;
  return { managerPath: yield* managersFrom(command.managerId, day ?? command.occurredAt ?? IN_THE_END, read) };
});

@Module({ providers: [...employeeAggregate.handlers] })
export class EmployeeModule {}
