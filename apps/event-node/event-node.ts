import type { Handler, Services } from './grpc/server.js';
import { RpcServer } from './grpc/server.js';
import { accessDenied } from './grpc/status.js';
import { EventLog } from './log/event-log.js';
import type { Security } from './security/security.js';
import { getSupportedMethods } from './server-info/features.js';
import { Member, readGossip } from './server-info/gossip.js';
import { plainHttp } from './server-info/http.js';
import { notModelled } from './server-info/not-modelled.js';
import { sendStats } from './server-info/stats.js';
import { append } from './streams/append.js';
import { batchAppend } from './streams/batch-append.js';
import { deleteStream } from './streams/delete.js';
import { read } from './streams/read.js';

/** How long calls under way may go on after the node was told to stop. */
const STOP_PATIENCE = 5000;

export interface EventNodeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly databaseUrl: string;
  /** Without it the node speaks no TLS and asks nobody who he is. */
  readonly security?: Security | undefined;
  /** Told when the log can no longer be written; the node must then end. */
  readonly onFatal: (error: unknown) => void;
}

/** A running node. */
export interface EventNode {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startEventNode({
  host,
  port,
  databaseUrl,
  security,
  onFatal,
}: EventNodeOptions): Promise<EventNode> {
  const log = await EventLog.open(databaseUrl, onFatal);
  let member = new Member(host, port);
  const server = new RpcServer(
    services(log, () => member),
    plainHttp(
      () => member,
      () => log.tail.position,
      security?.user,
    ),
    security,
  );
  try {
    member = new Member(host, await server.listen(port, host));
  } catch (error) {
    await log.close();
    throw error;
  }
  return {
    url: `esdb://${host}:${member.port}?tls=${String(security !== undefined)}`,
    async stop() {
      await server.close(STOP_PATIENCE);
      await log.close();
    },
  };
}

function services(log: EventLog, member: () => Member): Services {
  return new Map([
    [
      'event_store.client.streams.streams',
      new Map<string, Handler>([
        [
          'append',
          forUsers((call) => {
            append(log, call);
          }),
        ],
        [
          'batchappend',
          (call) => {
            batchAppend(log, call);
          },
        ],
        ['read', forUsers((call) => read(log, call))],
        ['delete', forUsers((call) => deleteStream(log, call, 'delete'))],
        ['tombstone', forUsers((call) => deleteStream(log, call, 'tombstone'))],
      ]),
    ],
    ['event_store.client.gossip.gossip', new Map<string, Handler>([['read', (call) => readGossip(member(), call)]])],
    [
      'event_store.client.server_features.serverfeatures',
      new Map<string, Handler>([['getsupportedmethods', getSupportedMethods]]),
    ],
    ['event_store.client.monitoring.monitoring', new Map<string, Handler>([['stats', forUsers(sendStats)]])],
    ...notModelled,
  ]);
}

/** Clients ask anonymously what a server can do and who leads; all else is for users. */
const forUsers =
  (handler: Handler): Handler =>
  (call) =>
    call.isAnonymous ? call.fail(accessDenied()) : handler(call);
