import { expect, test } from '@jest/globals';
import { project } from '../../test/projections/project.js';
import { Story } from '../../test/projections/story.js';

const story = new Story()
  .tell('unit-east', '2021-01-01', 'UnitCreated', { unitId: 'east', name: 'East' })
  .tell('unit-west', '2021-01-01', 'UnitCreated', { unitId: 'west', name: 'West', parentId: 'east' })
  .tell('employee-max', '2021-01-01', 'EmployeeHired', { employeeId: 'max', name: 'Max' })
  .tell('employee-ada', '2021-01-01', 'EmployeeHired', {
    ...{ employeeId: 'ada', name: 'Ada', unitId: 'east', managerId: 'max', hiredOn: '2021-01-15' },
  })
  // Told in February for April, and in May for the March before.
  .tell('employee-ada', '2021-02-01', 'EmployeeTransferred', {
    ...{ employeeId: 'ada', from: 'east', to: 'west', effectiveOn: '2021-04-01' },
  })
  .tell('employee-ada', '2021-05-01', 'ManagerAssigned', {
    ...{ employeeId: 'ada', from: 'max', effectiveOn: '2021-03-01' },
  })
  .tell('employee-ada', '2021-06-01', 'EmployeeDeparted', { employeeId: 'ada', departedOn: '2021-06-30' });

const { rows } = await project(story.events);
const ada = async (asOf: string, knownAt = '2022-01-01') =>
  (
    await rows(
      `select unit_name, manager_name, departed_on from organisation(moment($1), moment($2)) where name = 'Ada'`,
      asOf,
      knownAt,
    )
  )[0];

test('unit and manager are those in force on the day, as far as known', async () => {
  expect(await ada('2021-01-14')).toBeUndefined();
  expect(await ada('2021-03-31')).toMatchObject({ unit_name: 'East', manager_name: null });
  expect(await ada('2021-03-31', '2021-04-30')).toMatchObject({ unit_name: 'East', manager_name: 'Max' });
  expect(await ada('2021-04-01')).toMatchObject({ unit_name: 'West' });
});

test('who has left is told once it is known', async () => {
  expect(await ada('2021-05-31', '2021-05-31')).toMatchObject({ departed_on: null });
  expect(await ada('2021-07-01')).toMatchObject({ departed_on: '2021-06-30' });
});
