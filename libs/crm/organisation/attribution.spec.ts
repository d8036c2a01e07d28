import { expect, test } from '@jest/globals';
import { awaited, lookedUp, type ReadFact } from '#event-store';
import { fold } from '#kernel';
import { fc } from '../../../test/draws.js';
import { recorded } from '../../../test/spec.js';
import { orgAtEvent } from './attribution.js';
import type { EmployeeEvent } from './employee/employee.events.js';

const NOON = '2026-04-15T12:00:00.000Z';

/** Reads employees from the events given for each. */
const reading =
  (streams: Readonly<Record<string, readonly EmployeeEvent[]>>): ReadFact =>
  (decider, id) =>
    awaited(
      Promise.resolve(
        fold(
          decider,
          (streams[id] ?? []).map((event, revision) => recorded(event, revision)),
        ),
      ),
    );
const hired = (employeeId: string, managerId?: string, unitId?: string): EmployeeEvent => ({
  type: 'EmployeeHired',
  data: { employeeId, name: employeeId, managerId, unitId },
});

test('the owner, the unit and everybody above are frozen, the head of the company last', async () => {
  const read = reading({
    li: [hired('li', 'wang', 'east')],
    wang: [hired('wang', 'zhao', 'sales')],
    zhao: [hired('zhao')],
  });
  expect(await lookedUp(orgAtEvent('li', NOON, read))).toEqual({
    ownerId: 'li',
    unitId: 'east',
    managerPath: ['wang', 'zhao'],
  });
});

test('the tree is that of the moment, at every level', async () => {
  const moved = (employeeId: string, to: string): EmployeeEvent => ({
    type: 'ManagerAssigned',
    data: { employeeId, to, effectiveOn: '2026-04-16' },
  });
  const read = reading({ li: [hired('li', 'wang')], wang: [hired('wang', 'zhao'), moved('wang', 'sun')] });
  expect((await lookedUp(orgAtEvent('li', NOON, read))).managerPath).toEqual(['wang', 'zhao']);
  expect((await lookedUp(orgAtEvent('li', '2026-04-16T00:00:00.000Z', read))).managerPath).toEqual(['wang', 'sun']);
});

test('of an owner we know nothing of, only the id is frozen', async () => {
  expect(await lookedUp(orgAtEvent('nobody', NOON, reading({})))).toEqual({ ownerId: 'nobody', managerPath: [] });
});

test('whatever the streams say, the walk ends and names everybody once, the owner never', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const managers = fc.array(fc.constantFrom(...names, undefined), { minLength: names.length, maxLength: names.length });
  await fc.assert(
    fc.asyncProperty(managers, async (above) => {
      const read = reading(Object.fromEntries(names.map((name, index) => [name, [hired(name, above[index])]])));
      const { managerPath } = await lookedUp(orgAtEvent('a', NOON, read));
      expect(new Set(managerPath).size).toBe(managerPath.length);
      expect(managerPath).not.toContain('a');
    }),
  );
});

test('a chain longer than any organisation is cut', async () => {
  const chain = Object.fromEntries(
    Array.from({ length: 200 }, (_, level) => [`m${level}`, [hired(`m${level}`, `m${level + 1}`)]]),
  );
  expect((await lookedUp(orgAtEvent('m0', NOON, reading(chain)))).managerPath).toHaveLength(50);
});
