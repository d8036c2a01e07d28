import type { Decider } from '#kernel';
import { Refusal } from '#kernel';
import { dayOf } from '../../days.js';
import type { Since } from '../../timeline.js';
import { held, heldOn } from '../../timeline.js';
import type * as commands from './employee.commands.js';
import type { EmployeeEvent } from './employee.events.js';
import { employeeEvents } from './employee.events.js';

export type EmployeeRefusal =
  'EMPLOYEE_UNKNOWN' | 'EMPLOYEE_ALREADY_HIRED' | 'EMPLOYEE_NOT_YET_HIRED' | 'EMPLOYEE_DEPARTED' | 'MANAGER_CYCLE';

interface Known {
  readonly employeeId: string;
  readonly hiredOn?: string;
  /** In the order of their days, one a day: so there is at most one unit and one manager at any time (OI1). */
  readonly units: readonly Since<string | undefined>[];
  readonly managers: readonly Since<string | undefined>[];
}

export type Employee =
  | { readonly status: 'unknown' }
  | (Known & { readonly status: 'employed' })
  | (Known & { readonly status: 'departed'; readonly departedOn: string });

type KnownEmployee = Exclude<Employee, { status: 'unknown' }>;

/** The wanted manager and everybody above them, on the day it begins. */
export interface EmployeeFacts {
  readonly managerPath: readonly string[];
}

/** Employee 员工: who they report to and where they belong, each from a day on. */
export const employee: Decider<Employee, EmployeeEvent, typeof commands, EmployeeFacts> = {
  name: 'employee',
  events: employeeEvents,
  initial: { status: 'unknown' },
  idOf: ({ employeeId }) => employeeId,
  decide: {
    HireEmployee: (state, { employeeId, employeeNumber, name, unitId, managerId, hiredOn }, { facts }) => {
      if (state.status !== 'unknown') throw refusal('EMPLOYEE_ALREADY_HIRED', { employeeId });
      notUnderThemselves(employeeId, managerId, facts);
      return [{ type: 'EmployeeHired', data: { employeeId, employeeNumber, name, unitId, managerId, hiredOn } }];
    },
    AssignManager: (state, { employeeId, managerId: to, effectiveOn }, { occurredAt, facts }) => {
      const day = effectiveOn ?? dayOf(occurredAt);
      const who = known(state, employeeId);
      const from = heldOn(who.managers, day);
      if (from === to) return [];
      employedOn(who, day);
      notUnderThemselves(employeeId, to, facts);
      return [{ type: 'ManagerAssigned', data: { employeeId, from, to, effectiveOn: day } }];
    },
    TransferEmployee: (state, { employeeId, toUnitId: to, effectiveOn }, { occurredAt }) => {
      const day = effectiveOn ?? dayOf(occurredAt);
      const who = known(state, employeeId);
      const from = heldOn(who.units, day);
      if (from === to) return [];
      employedOn(who, day);
      return [{ type: 'EmployeeTransferred', data: { employeeId, from, to, effectiveOn: day } }];
    },
    RecordDeparture: (state, { employeeId, departedOn }, { occurredAt }) => {
      const day = departedOn ?? dayOf(occurredAt);
      const who = known(state, employeeId);
      if (who.status === 'departed') {
        if (departedOn === undefined || departedOn === who.departedOn) return [];
        throw refusal('EMPLOYEE_DEPARTED', { employeeId, departedOn: who.departedOn });
      }
      employedOn(who, day);
      return [{ type: 'EmployeeDeparted', data: { employeeId, departedOn: day } }];
    },
  },
  evolve: {
    EmployeeHired: (_, { employeeId, unitId, managerId, hiredOn }) => {
      const day = hiredOn ?? '';
      return {
        status: 'employed',
        employeeId,
        hiredOn,
        units: [{ day, value: unitId }],
        managers: [{ day, value: managerId }],
      };
    },
    ManagerAssigned: (state, { to, effectiveOn }) =>
      state.status === 'unknown'
        ? state
        : { ...state, managers: held(state.managers, { day: effectiveOn, value: to }) },
    EmployeeTransferred: (state, { to, effectiveOn }) =>
      state.status === 'unknown' ? state : { ...state, units: held(state.units, { day: effectiveOn, value: to }) },
    EmployeeDeparted: (state, { departedOn }) =>
      state.status === 'unknown' ? state : { ...state, status: 'departed', departedOn },
  },
};

/** The unit and the manager of an employee at a moment, as far as they are known. Days are those of UTC. */
export function assignmentAt(
  state: Employee,
  instant: string,
): { readonly unitId?: string; readonly managerId?: string } {
  if (state.status === 'unknown') return {};
  const day = dayOf(instant);
  return { unitId: heldOn(state.units, day), managerId: heldOn(state.managers, day) };
}

const refusal = (code: EmployeeRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<EmployeeRefusal>(code, details);

function known(state: Employee, employeeId: string): KnownEmployee {
  if (state.status === 'unknown') throw refusal('EMPLOYEE_UNKNOWN', { employeeId });
  return state;
}

/** Nothing changes for an employee before the first day or after the last one. */
function employedOn(who: KnownEmployee, day: string) {
  const { employeeId, hiredOn } = who;
  if (hiredOn !== undefined && day < hiredOn) throw refusal('EMPLOYEE_NOT_YET_HIRED', { employeeId, hiredOn });
  if (who.status === 'departed' && day > who.departedOn)
    throw refusal('EMPLOYEE_DEPARTED', { employeeId, departedOn: who.departedOn });
}

function notUnderThemselves(employeeId: string, managerId: string | undefined, { managerPath }: EmployeeFacts) {
  if (managerId === employeeId || managerPath.includes(employeeId))
    throw refusal('MANAGER_CYCLE', { employeeId, managerId });
}
