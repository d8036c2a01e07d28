import { expect, test } from '@jest/globals';
import { fold } from '#kernel';
import { fc } from '../../../../test/draws.js';
import { laws, play } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { AssignManager, HireEmployee, RecordDeparture, TransferEmployee } from './employee.commands.js';
import type { EmployeeFacts } from './employee.decider.js';
import { assignmentAt, employee } from './employee.decider.js';
import type { EmployeeEvent } from './employee.events.js';

const employeeId = 'e0000000-0000-4000-8000-000000000002';
const wang = 'e0000000-0000-4000-8000-000000000003';
const zhao = 'e0000000-0000-4000-8000-000000000004';
const east = '00170000-0000-4000-8000-000000000001';
const west = '00170000-0000-4000-8000-000000000002';

const hired: EmployeeEvent = {
  type: 'EmployeeHired',
  data: { employeeId, name: '李雷', unitId: east, managerId: wang },
};
const hiredInMarch: EmployeeEvent = {
  type: 'EmployeeHired',
  data: { ...hired.data, name: '李雷', hiredOn: '2026-03-01' },
};
const departed: EmployeeEvent = { type: 'EmployeeDeparted', data: { employeeId, departedOn: '2026-06-30' } };

const nobodyAbove: EmployeeFacts = { managerPath: [] };
const { given } = spec(employee, nobodyAbove);
const assign = (managerId: string | undefined, effectiveOn?: string) =>
  AssignManager.of({ employeeId, managerId, effectiveOn });

test('an employee is hired', () =>
  given()
    .when(HireEmployee.of({ employeeId, name: '李雷', unitId: east, managerId: wang }))
    .then(hired));
test('an employee is hired once', () =>
  given(hired)
    .when(HireEmployee.of({ employeeId, name: '李雷' }))
    .thenRefused('EMPLOYEE_ALREADY_HIRED'));
test('nobody is their own manager', () =>
  given()
    .when(HireEmployee.of({ employeeId, name: '李雷', managerId: employeeId }))
    .thenRefused('MANAGER_CYCLE'));

test('another manager is assigned from today', () =>
  given(hired)
    .when(assign(zhao))
    .then({ type: 'ManagerAssigned', data: { employeeId, from: wang, to: zhao, effectiveOn: '2026-11-22' } }));
test('the day before an earlier assignment still has its own manager', () =>
  given(hired, { type: 'ManagerAssigned', data: { employeeId, from: wang, to: zhao, effectiveOn: '2026-05-01' } })
    .when(assign(undefined, '2026-04-01'))
    .then({ type: 'ManagerAssigned', data: { employeeId, from: wang, effectiveOn: '2026-04-01' } }));
test('assigning the manager of that day changes nothing', () => given(hired).when(assign(wang)).thenNothing());
test('nobody reports to somebody who reports to them', () =>
  given(hired)
    .when(assign(zhao), { facts: { managerPath: [zhao, employeeId] } })
    .thenRefused('MANAGER_CYCLE', { managerId: zhao }));
test('no manager before the first day', () =>
  given(hiredInMarch)
    .when(assign(zhao, '2026-02-28'))
    .thenRefused('EMPLOYEE_NOT_YET_HIRED', { hiredOn: '2026-03-01' }));
test('no other manager after the last day', () =>
  given(hired, departed).when(assign(zhao)).thenRefused('EMPLOYEE_DEPARTED', { departedOn: '2026-06-30' }));
test('an unknown employee gets no manager', () => given().when(assign(zhao)).thenRefused('EMPLOYEE_UNKNOWN'));

test('an employee goes to another unit', () =>
  given(hired)
    .when(TransferEmployee.of({ employeeId, toUnitId: west, effectiveOn: '2026-12-01' }))
    .then({ type: 'EmployeeTransferred', data: { employeeId, from: east, to: west, effectiveOn: '2026-12-01' } }));
test('a transfer to the own unit changes nothing', () =>
  given(hired)
    .when(TransferEmployee.of({ employeeId, toUnitId: east }))
    .thenNothing());
test('who left goes to no other unit', () =>
  given(hired, departed)
    .when(TransferEmployee.of({ employeeId, toUnitId: west }))
    .thenRefused('EMPLOYEE_DEPARTED'));
test('what happened before leaving can be told later', () =>
  given(hired, departed)
    .when(TransferEmployee.of({ employeeId, toUnitId: west, effectiveOn: '2026-05-01' }))
    .then({ type: 'EmployeeTransferred', data: { employeeId, from: east, to: west, effectiveOn: '2026-05-01' } }));

test('an employee leaves', () =>
  given(hired)
    .when(RecordDeparture.of({ employeeId, departedOn: '2026-06-30' }))
    .then(departed));
test('an employee leaves once', () => given(hired, departed).when(RecordDeparture.of({ employeeId })).thenNothing());
test('an employee does not leave on two days', () =>
  given(hired, departed)
    .when(RecordDeparture.of({ employeeId, departedOn: '2026-07-01' }))
    .thenRefused('EMPLOYEE_DEPARTED'));
test('nobody leaves before the first day', () =>
  given(hiredInMarch)
    .when(RecordDeparture.of({ employeeId, departedOn: '2026-02-01' }))
    .thenRefused('EMPLOYEE_NOT_YET_HIRED'));

const hire = HireEmployee.of({ employeeId, name: '李雷', managerId: wang });
const at = (commands: readonly (HireEmployee | AssignManager)[], instant: string) => {
  const steps = commands.map((command) => ({ command }));
  return assignmentAt(fold(employee, play(employee, steps, nobodyAbove)), instant).managerId;
};

test('without a date, unit and manager count as far back as anybody asks', () => {
  expect(at([hire], '1999-01-01T00:00:00.000Z')).toBe(wang);
});
test('with a date, nothing is known of the time before', () => {
  const inMarch = HireEmployee.of({ employeeId, name: '李雷', managerId: wang, hiredOn: '2026-03-01' });
  expect(at([inMarch], '2026-02-28T23:59:59.999Z')).toBeUndefined();
  expect(at([inMarch], '2026-03-01T00:00:00.000Z')).toBe(wang);
});

const april = (number: number) => `2026-04-${String(number).padStart(2, '0')}`;
const dayInApril = fc.integer({ min: 1, max: 28 });
const day = dayInApril.map(april);
const manager = fc.constantFrom(wang, zhao, undefined);

test('an assignment holds from its day until the next one begins, whatever order they are told in (OI1)', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(manager, dayInApril), { maxLength: 12 }), (assignments) => {
      const calendar = Array.from({ length: 29 }, (): string | undefined => wang);
      const begins = new Set<number>();
      for (const [managerId, from] of assignments) {
        if (calendar[from] === managerId) continue;
        begins.add(from);
        const next = Math.min(29, ...[...begins].filter((other) => other > from));
        calendar.fill(managerId, from, next);
      }
      const commands = [hire, ...assignments.map(([managerId, from]) => assign(managerId, april(from)))];
      for (let number = 1; number <= 28; number++)
        expect(at(commands, `${april(number)}T12:00:00.000Z`)).toBe(calendar[number]);
    }),
  );
});

const unit = fc.constantFrom(east, west);
laws(
  employee,
  fc.oneof(
    fc
      .record({ managerId: manager, hiredOn: fc.option(day, { nil: undefined }) })
      .map((fields) => HireEmployee.of({ ...fields, employeeId, name: '李雷' })),
    fc.tuple(manager, fc.option(day, { nil: undefined })).map(([managerId, from]) => assign(managerId, from)),
    fc.record({ toUnitId: unit, effectiveOn: day }).map((fields) => TransferEmployee.of({ ...fields, employeeId })),
    day.map((departedOn) => RecordDeparture.of({ employeeId, departedOn })),
  ),
  nobodyAbove,
);
