import type { EmployeeEvent } from '#crm/organisation/employee/employee.events';
import type { OrgUnitEvent } from '#crm/organisation/org-unit/org-unit.events';
import type { Projection, Recorded } from '#kernel';
import { table } from '#kernel';
import { factOf, type Fact } from '../columns.js';
import { sqlFile } from '#read-store';

type Learned = Readonly<{ recorded_at: string; position: bigint; event_id: string }>;
type Employee = Fact &
  Readonly<{
    employee_id: string;
    employee_number: string | null;
    name: string;
    hired_on: string | null;
    departed_on: string | null;
    departed_recorded_at: string | null;
  }>;
type Of<Key extends string, Value extends string> = Readonly<Record<Key, string> & Record<Value, string | null>> &
  Readonly<{ revision: bigint }>;
type Effective = Learned & Readonly<{ effective_on: string | null }>;

const employees = table<Employee>()('employee', 'employee_id');
const employeeUnits = table<Of<'employee_id', 'unit_id'> & Effective>()('employee_unit', 'employee_id', 'revision');
const employeeManagers = table<Of<'employee_id', 'manager_id'> & Effective>()(
  'employee_manager',
  'employee_id',
  'revision',
);
const units = table<Fact & Readonly<{ unit_id: string; name: string; closed_at: string | null }>>()(
  'org_unit',
  'unit_id',
);
const unitParents = table<Of<'unit_id', 'parent_id'> & Fact>()('org_unit_parent', 'unit_id', 'revision');

/** Who belongs to the organisation, and to which unit and manager from which day on. */
export const organisation: Projection<EmployeeEvent | OrgUnitEvent> = {
  name: 'organisation',
  schema: sqlFile(import.meta.url, './schema.sql'),
  analytics: sqlFile(import.meta.url, './analytics.sql'),
  personal: [employees.tellsOf('employee', 'employee_id', ['name'])],
  on: {
    EmployeeHired: (event) => {
      const { employeeId: employee_id, employeeNumber, name, unitId, managerId, hiredOn = null } = event.data;
      const place = { employee_id, revision: event.revision, effective_on: hiredOn, ...learned(event) };
      return [
        employees.insert({
          employee_id,
          employee_number: employeeNumber ?? null,
          name,
          hired_on: hiredOn,
          departed_on: null,
          departed_recorded_at: null,
          ...factOf(event),
        }),
        employeeUnits.insert({ ...place, unit_id: unitId ?? null }),
        employeeManagers.insert({ ...place, manager_id: managerId ?? null }),
      ];
    },
    ManagerAssigned: (event) => [
      employeeManagers.insert({
        employee_id: event.data.employeeId,
        revision: event.revision,
        manager_id: event.data.to ?? null,
        effective_on: event.data.effectiveOn,
        ...learned(event),
      }),
    ],
    EmployeeTransferred: (event) => [
      employeeUnits.insert({
        employee_id: event.data.employeeId,
        revision: event.revision,
        unit_id: event.data.to,
        effective_on: event.data.effectiveOn,
        ...learned(event),
      }),
    ],
    EmployeeDeparted: ({ data, recordedAt }) => [
      employees.patch(
        { employee_id: data.employeeId },
        { departed_on: data.departedOn, departed_recorded_at: recordedAt },
      ),
    ],
    UnitCreated: (event) => [
      units.insert({ unit_id: event.data.unitId, name: event.data.name, closed_at: null, ...factOf(event) }),
      unitParents.insert({
        unit_id: event.data.unitId,
        revision: event.revision,
        parent_id: event.data.parentId ?? null,
        ...factOf(event),
      }),
    ],
    UnitMoved: (event) => [
      unitParents.insert({
        unit_id: event.data.unitId,
        revision: event.revision,
        parent_id: event.data.to ?? null,
        ...factOf(event),
      }),
    ],
    UnitClosed: ({ data, occurredAt }) => [units.patch({ unit_id: data.unitId }, { closed_at: occurredAt })],
  },
};

const learned = ({ recordedAt, position, eventId }: Recorded): Learned => ({
  recorded_at: recordedAt,
  position: position.commit,
  event_id: eventId,
});
