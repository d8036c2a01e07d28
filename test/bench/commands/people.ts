import { randomUUID } from 'node:crypto';
import type { Actor } from '#kernel';
import type { Turn } from './workload.js';

const REPS = 20;
const NAMES = ['王芳', '李雷', '韩梅梅', '欧阳娜娜', '张伟', '刘洋', '陈静', '杨柳青'];

export const POOL = randomUUID();
export const PROFILE = { name: '欧阳娜娜', company: '上海台账科技有限公司' };

export const head: Actor = { id: randomUUID(), kind: 'human', displayName: '赵敏' };
export const reps: readonly Actor[] = Array.from({ length: REPS }, (_, index) => ({
  id: randomUUID(),
  kind: 'human',
  displayName: NAMES[index % NAMES.length] ?? '王芳',
}));

/** A lead is always claimed and returned by the same rep. */
export const repOf = ({ lead }: Turn): Actor => reps[lead % REPS] ?? head;
export const isClaim = ({ nth }: Turn): boolean => nth % 2 === 0;

/** About 250 bytes of data, as our own events have them. */
export const dataOf = (leadId: string, turn: Turn) => ({
  leadId,
  claimantId: repOf(turn).id,
  poolId: POOL,
  fromState: isClaim(turn) ? 'pooled' : 'owned',
  stageVisit: { ends: turn.nth + 1, begins: turn.nth + 2 },
  ownershipVisit: { begins: turn.nth + 1 },
});

/** About 150 bytes of metadata. */
export const metadataOf = (turn: Turn) => ({
  actor: { id: repOf(turn).id, displayName: repOf(turn).displayName },
  commandId: randomUUID(),
  occurredAt: new Date().toISOString(),
});
