import { randomUUID } from 'node:crypto';
import { checkMessage, frameOf } from '#protobuf';
import type { Call } from '../grpc/call.js';
import { writeStructuredId } from '../protocol/uuid.js';

const LEADER = 8;
const WILDCARDS = new Set(['0.0.0.0', '::']);

/** The node as the only member of its cluster. */
export class Member {
  readonly instanceId = randomUUID();
  readonly since = new Date();

  constructor(
    readonly host: string,
    readonly port: number,
  ) {}

  /** Where callers reach it. A node that listens on every address has none to give but that by which it was called. */
  addressFor(authority: string): { readonly host: string; readonly port: number } {
    if (!WILDCARDS.has(this.host)) return this;
    const { hostname, port } = new URL(`http://${authority}`);
    return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? this.port : Number(port) };
  }
}

/** Gossip/Read. */
export async function readGossip(member: Member, call: Call): Promise<void> {
  checkMessage(await call.request());
  const { host, port } = member.addressFor(call.authority);
  call.end(
    frameOf((to) => {
      to.message(1, () => {
        writeStructuredId(to, 1, member.instanceId);
        to.uint(2, BigInt(member.since.getTime()) * 10_000n);
        to.uint(3, LEADER);
        to.uint(4, 1);
        to.message(5, () => {
          to.text(1, host);
          to.uint(2, port);
        });
      });
    }),
  );
}
