import type { Policy } from '#kernel';
import { send } from '#kernel';
import {
  DestroySubjectKey,
  LinkDataSubjects,
  RequestErasure,
} from '../audit-privacy/data-subject/data-subject.commands.js';
import type { DataSubjectEvent } from '../audit-privacy/data-subject/data-subject.events.js';

export interface ErasureFacts {
  /** The erasure of the subject that an event is about, if one was requested. */
  readonly erasureId?: string | undefined;
}

/** PR2: what was requested is carried out, and asked for wherever else the same person is told of; each of those records may have its own reason to refuse. */
export const carryOutErasures: Policy<DataSubjectEvent, object, ErasureFacts> = {
  name: 'carry-out-erasures',
  when: {
    ErasureRequested: ({ data: { subject, erasureId, linked } }) => [
      send(DestroySubjectKey.of({ subject })),
      ...linked.map((elsewhere) => send(RequestErasure.of({ subject: elsewhere, erasureId }))),
    ],
    // A link holds from both sides, and for those who were erased before it was known.
    DataSubjectLinked: ({ data: { subject, linked } }, { erasureId }) => [
      send(LinkDataSubjects.of({ subject: linked, linked: subject })),
      ...(erasureId === undefined ? [] : [send(RequestErasure.of({ subject: linked, erasureId }))]),
    ],
  },
};
