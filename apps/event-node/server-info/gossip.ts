import { randomUUID } from 'node:crypto';
import type { Call } from '../grpc/call.js';
import { writeStructuredId } from '../protocol/uuid.js';
import { frameOf } from '../protocol/writer.js';

const LEADER = 8;

/** The node as the only member of its cluster. */
export class Member {
  readonly instanceId = randomUUID();
  readonly since = new Date();

  constructor(
    readonly host: string,
    readonly port: number,
  ) {}
}

/** Gossip/Read. */
export async function readGossip(member: Member, call: Call): Promise<void> {
  await call.request();
  call.end(
    frameOf((to) => {
      to.message(1, () => {
        writeStructuredId(to, 1, member.instanceId);
        to.uint(2, BigInt(member.since.getTime()) * 10_000n);
        to.uint(3, LEADER);
        to.uint(4, 1);
        to.message(5, () => {
          to.text(1, member.host);
          to.uint(2, member.port);
        });
      });
    }),
  );
}
