import { asOf, type AnyReport } from '#read-store';
import { date, question, text } from '../question.js';

/** Who belonged to the organisation as of a day. */
export const organisationReports: readonly AnyReport[] = question({
  name: 'organisation',
  title: { en: 'Employees', zh: '员工名册' },
  parameters: asOf,
  columns: {
    employee_id: text('Employee', '员工'),
    employee_number: text('Number', '工号'),
    name: text('Name', '姓名'),
    unit_name: text('Unit', '部门'),
    manager_name: text('Manager', '上级'),
    hired_on: date('Hired on', '入职日'),
    departed_on: date('Left on', '离职日'),
    event_id: text('Event', '事件'),
  },
  orderBy: 'unit_name, name, employee_id',
});
