import { asOf, type AnyReport } from '#read-store';
import { count, list, question, text } from '../question.js';

const finding = { finding: text('Finding', '问题'), subject: text('Subject', '对象') };

/** What can be asked about the data themselves. */
export const dataQualityReports: readonly AnyReport[] = question({
  name: 'data-quality',
  title: { en: 'Data quality', zh: '数据质量' },
  parameters: asOf,
  columns: { ...finding, n: count('How often', '数量') },
  orderBy: 'n desc, finding, subject',
  rows: {
    columns: {
      ...finding,
      id: text('Id', '编号'),
      detail: text('Detail', '说明'),
      event_ids: list('Events', '事件'),
    },
    orderBy: 'finding, subject, id',
  },
});
