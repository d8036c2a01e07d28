import type { EventOf } from '#kernel';
import { date, event, id, optional, sealed, text } from '#kernel';

/** Stored for ever: add optional fields, never rename or remove. Employee 员工. An absent date means: as far back as we know. */
export const employeeEvents = {
  EmployeeHired: event('Somebody joined the organisation.', {
    employeeId: id,
    employeeNumber: optional(text),
    name: sealed('employee', 'employeeId', text),
    unitId: optional(id),
    managerId: optional(id),
    hiredOn: optional(date),
  }),
  ManagerAssigned: event('The employee reports to another manager.', {
    employeeId: id,
    from: optional(id),
    to: optional(id),
    effectiveOn: date,
  }),
  EmployeeTransferred: event('The employee went to another unit.', {
    employeeId: id,
    from: optional(id),
    to: id,
    effectiveOn: date,
  }),
  EmployeeDeparted: event('The employee left the organisation.', { employeeId: id, departedOn: date }),
};

export type EmployeeEvent = EventOf<typeof employeeEvents>;
