import type { EventOf } from '#kernel';
import { code, date, erasing, event, id, list, oneOf, optional } from '#kernel';

/** The records that tell of a person. A data subject is called after its record: `customer:3f2c…`. */
const TELLING_OF_A_PERSON = ['lead', 'customer', 'contact', 'employee', 'opportunity', 'quote', 'followup'] as const;
/** Those that are about nobody, where somebody may be told of in the reasons given. */
const WITH_REASONS_ONLY = ['pool', 'product', 'campaign', 'process', 'unit'] as const;
export const SUBJECT_KINDS = [...TELLING_OF_A_PERSON, ...WITH_REASONS_ONLY] as const;

/** Stored for ever: add optional fields, never rename or remove. Data subject 数据主体. */
export const dataSubjectEvents = {
  DataSubjectLinked: event('Two records tell of the same person: erasing one erases the other.', {
    subject: id,
    linked: id,
  }),
  LegalHoldPlaced: event('The personal data must be kept for proceedings; nothing of it may be erased.', {
    subject: id,
    holdId: id,
    ground: code,
  }),
  LegalHoldLifted: event('A legal hold ended.', { subject: id, holdId: id }),
  StatutoryRetentionBegun: event('The law wants the personal data kept until a day, because of a business deal.', {
    subject: id,
    ground: code,
    basis: id,
    until: date,
  }),
  ErasureRefused: event('The person asked to be erased, and the law says no for now.', {
    subject: id,
    erasureId: id,
    legalGround: oneOf('legal_hold', 'statutory_retention'),
    /** Which hold, or what the retention is for. */
    ground: code,
    until: optional(date),
  }),
  ErasureRequested: event('The person is to be erased; from here on there is no way back.', {
    subject: id,
    erasureId: id,
    /** The subjects whose keys are to be destroyed. */
    keys: list(id),
    /** The same person elsewhere, to be erased as well. */
    linked: list(id),
  }),
  SubjectKeyDestroyed: erasing(
    'keys',
    event('The keys of the person are gone: what was sealed under them can never be read again.', {
      subject: id,
      erasureId: id,
      keys: list(id),
    }),
  ),
};

export type DataSubjectEvent = EventOf<typeof dataSubjectEvents>;
