import { z } from 'zod';
import { asNumber, asOf, type AnyReport } from '#read-store';
import { count, instant, question, text, yesNo } from '../question.js';

/** Held in lower case, as every id is. */
const customer = z.string().min(1).toLowerCase();
/** A revision of a record, 0 being the first. */
export const revision = asNumber(z.coerce.number().int().min(0));
const record = {
  field: text('Field', '字段'),
  value: text('Value', '值'),
  revision: count('Revision', '版本'),
  changed_at: instant('Since', '自'),
  event_id: text('Event', '事件'),
};

/** What auditors can ask about one customer. */
export const customerReports: readonly AnyReport[] = [
  question({
    name: 'customer-history',
    title: { en: 'History of a customer', zh: '客户变更史' },
    parameters: { customer, ...asOf },
    columns: {
      revision: count('Revision', '版本'),
      field: text('Field', '字段'),
      old_value: text('Old', '旧值'),
      new_value: text('New', '新值'),
      event_type: text('What', '事件类型'),
      is_applied: yesNo('Applied', '已生效'),
      actor_id: text('Actor', '操作人'),
      actor_kind: text('Kind of actor', '操作人类型'),
      actor_name: text('Name', '姓名'),
      on_behalf_of: text('On behalf of', '代表'),
      reason_code: text('Reason', '原因'),
      reason_text: text('Reason in words', '原因说明'),
      occurred_at: instant('Happened at', '发生时间'),
      recorded_at: instant('Recorded at', '记录时间'),
      command_id: text('Command', '命令'),
      causation_id: text('Caused by', '起因'),
      correlation_id: text('Correlation', '关联'),
      event_id: text('Event', '事件'),
    },
    orderBy: 'revision, field',
  }),
  question({
    name: 'customer-as-of',
    title: { en: 'A customer as of a moment', zh: '客户时点记录' },
    parameters: { customer, ...asOf },
    columns: record,
    orderBy: 'field',
  }),
  question({
    name: 'customer-at-revision',
    title: { en: 'A customer at a revision', zh: '客户版本记录' },
    parameters: { customer, at_revision: revision },
    columns: record,
    orderBy: 'field',
  }),
  question({
    name: 'customer-diff',
    title: { en: 'What differs between two revisions', zh: '客户版本差异' },
    parameters: { customer, from_revision: revision, to_revision: revision },
    columns: {
      field: record.field,
      before: text('Before', '之前'),
      after: text('After', '之后'),
      changed_by_event_id: text('Changed by event', '变更事件'),
    },
    orderBy: 'field',
  }),
].flat();
