import { Module } from '@nestjs/common';
import { aggregate } from '#event-store';
import { upwards } from '../upwards.js';
import * as commands from './org-unit.commands.js';
import { orgUnit } from './org-unit.decider.js';

export const orgUnitAggregate = aggregate(orgUnit, commands, function* (command, _, read) {
  const unitsAbove = yield* upwards(
    'parentId' in command ? command.parentId : undefined,
    (unitId) => read(orgUnit, unitId),
    (unit) => (unit.status === 'unknown' ? undefined : unit.parentId),
  );
  return { unitsAbove };
});

@Module({ providers: [...orgUnitAggregate.handlers] })
export class OrgUnitModule {}
