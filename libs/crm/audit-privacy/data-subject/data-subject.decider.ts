import type { Decider } from '#kernel';
import { Refusal } from '#kernel';
import type * as commands from './data-subject.commands.js';
import type { DataSubjectEvent } from './data-subject.events.js';
import { dataSubjectEvents } from './data-subject.events.js';

export type DataSubjectRefusal =
  'SUBJECT_ERASED' | 'SUBJECT_LINKED_TO_ITSELF' | 'HOLD_UNKNOWN' | 'ERASURE_NOT_REQUESTED' | 'KEY_STILL_EXISTS';

interface Retention {
  readonly ground: string;
  readonly basis: string;
  readonly until: string;
}

/** What is known of a person under one of their records. */
export interface DataSubject {
  readonly linked: readonly string[];
  /** Holds in force, each with its ground, and those that were lifted. */
  readonly holds: Readonly<Record<string, string>>;
  readonly lifted: readonly string[];
  readonly retentions: readonly Retention[];
  readonly refusedErasures: readonly string[];
  readonly erasure?: { readonly erasureId: string; readonly keys: readonly string[]; readonly isDone: boolean };
}

/** What a decision may know besides: the same person elsewhere, and whether the keys are gone. */
export interface DataSubjectFacts {
  readonly elsewhere: readonly DataSubject[];
  readonly areKeysGone: boolean;
}

/**
 * Data subject 数据主体: a person under one record, whose data can be erased unless the law wants it kept (PR1).
 * Holds lie on the same stream as the erasure, so that a hold placed at the last moment wins or comes too late, never both.
 */
export const dataSubject: Decider<DataSubject, DataSubjectEvent, typeof commands, DataSubjectFacts> = {
  name: 'subject',
  events: dataSubjectEvents,
  initial: { linked: [], holds: {}, lifted: [], retentions: [], refusedErasures: [] },
  idOf: ({ subject }) => subject,
  decide: {
    LinkDataSubjects: (person, { subject, linked }) => {
      if (subject === linked) throw refusal('SUBJECT_LINKED_TO_ITSELF', { subject });
      if (person.linked.includes(linked)) return [];
      return [{ type: 'DataSubjectLinked', data: { subject, linked } }];
    },
    PlaceLegalHold: (person, { subject, holdId, ground }) => {
      if (holdId in person.holds || person.lifted.includes(holdId)) return [];
      notErased(person, subject);
      return [{ type: 'LegalHoldPlaced', data: { subject, holdId, ground } }];
    },
    LiftLegalHold: (person, { subject, holdId }) => {
      if (person.lifted.includes(holdId)) return [];
      if (!(holdId in person.holds)) throw refusal('HOLD_UNKNOWN', { subject, holdId });
      return [{ type: 'LegalHoldLifted', data: { subject, holdId } }];
    },
    BeginStatutoryRetention: (person, { subject, ground, basis, until }) => {
      if (person.retentions.some((known) => known.basis === basis && known.ground === ground && known.until === until))
        return [];
      notErased(person, subject);
      return [{ type: 'StatutoryRetentionBegun', data: { subject, ground, basis, until } }];
    },
    RequestErasure: (person, { subject, erasureId }, { now, facts }) => {
      if (person.erasure !== undefined || person.refusedErasures.includes(erasureId)) return [];
      const obstacle = [person, ...facts.elsewhere].map((one) => obstacleTo(one, now)).find((found) => found);
      if (obstacle !== undefined) return [{ type: 'ErasureRefused', data: { subject, erasureId, ...obstacle } }];
      return [{ type: 'ErasureRequested', data: { subject, erasureId, keys: keysOf(subject), linked: person.linked } }];
    },
    DestroySubjectKey: ({ erasure }, { subject }, { facts }) => {
      if (erasure === undefined) throw refusal('ERASURE_NOT_REQUESTED', { subject });
      if (erasure.isDone) return [];
      if (!facts.areKeysGone) throw refusal('KEY_STILL_EXISTS', { subject });
      const { erasureId, keys } = erasure;
      return [{ type: 'SubjectKeyDestroyed', data: { subject, erasureId, keys } }];
    },
  },
  evolve: {
    DataSubjectLinked: (person, { linked }) => ({ ...person, linked: [...person.linked, linked] }),
    LegalHoldPlaced: (person, { holdId, ground }) => ({ ...person, holds: { ...person.holds, [holdId]: ground } }),
    LegalHoldLifted: (person, { holdId }) => {
      const { [holdId]: _, ...holds } = person.holds;
      return { ...person, holds, lifted: [...person.lifted, holdId] };
    },
    StatutoryRetentionBegun: (person, { ground, basis, until }) => ({
      ...person,
      retentions: [...person.retentions, { ground, basis, until }],
    }),
    ErasureRefused: (person, { erasureId }) => ({
      ...person,
      refusedErasures: [...person.refusedErasures, erasureId],
    }),
    ErasureRequested: (person, { erasureId, keys }) => ({ ...person, erasure: { erasureId, keys, isDone: false } }),
    SubjectKeyDestroyed: (person, { erasureId, keys }) => ({ ...person, erasure: { erasureId, keys, isDone: true } }),
  },
};

/** Why the law wants the data kept; of several retentions the one that lasts longest. */
function obstacleTo({ holds, retentions }: DataSubject, now: string) {
  const [hold] = Object.values(holds);
  if (hold !== undefined) return { legalGround: 'legal_hold' as const, ground: hold };
  const [longest] = retentions
    .filter(({ until }) => until >= now.slice(0, 10))
    .sort((one, other) => (one.until > other.until ? -1 : 1));
  if (longest === undefined) return undefined;
  return { legalGround: 'statutory_retention' as const, ground: longest.ground, until: longest.until };
}

/** Of a person is told in the record, in the reasons given on this stream, and of an employee as the actor of what they did. */
const keysOf = (subject: string): readonly string[] => [
  subject,
  `subject:${subject}`,
  ...(subject.startsWith('employee:') ? [subject.replace('employee', 'actor')] : []),
];

function notErased({ erasure }: DataSubject, subject: string) {
  if (erasure !== undefined) throw refusal('SUBJECT_ERASED', { subject, erasureId: erasure.erasureId });
}

const refusal = (code: DataSubjectRefusal, details: Readonly<Record<string, unknown>>) =>
  new Refusal<DataSubjectRefusal>(code, details);
