import type { LookingUp, ReadFact } from '#event-store';
import type { OrgAtEvent } from '#kernel';
import { assignmentAt, employee } from './employee/employee.decider.js';
import { upwards } from './upwards.js';

/** The owner, their unit and everybody above them as it stood at a moment: what an event's envelope freezes. */
export function* orgAtEvent(ownerId: string, instant: string, read: ReadFact): LookingUp<OrgAtEvent> {
  const { unitId, managerId } = assignmentAt(yield* read(employee, ownerId), instant);
  const managers = yield* managersFrom(managerId, instant, read);
  return { ownerId, unitId, managerPath: managers.filter((id) => id !== ownerId) };
}

/** An employee and everybody above them at a moment, nearest first; who is not known has nobody above them. */
export const managersFrom = (
  managerId: string | undefined,
  instant: string,
  read: ReadFact,
): LookingUp<readonly string[]> =>
  upwards(
    managerId,
    (id) => read(employee, id),
    (manager) => assignmentAt(manager, instant).managerId,
  );
