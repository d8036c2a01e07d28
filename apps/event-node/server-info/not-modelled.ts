import type { Handler } from '../grpc/server.js';
import { CallError, Code } from '../grpc/status.js';

/** Services of the real server that this node does not have, and the name people know them by. */
const NOT_MODELLED: Readonly<Record<string, string>> = {
  'event_store.client.persistent_subscriptions.persistentsubscriptions': 'persistent subscriptions',
  'event_store.client.projections.projections': 'server-side projections',
  'event_store.client.users.users': 'user management',
  'event_store.client.operations.operations': 'operations such as scavenging',
};

/** They answer UNIMPLEMENTED and say what to do instead. */
export const notModelled: [string, Map<string, Handler>][] = Object.entries(NOT_MODELLED).map(([service, name]) => {
  const refusal = new CallError(
    Code.UNIMPLEMENTED,
    `The embedded event node does not have ${name}. Point EVENTSTORE_URL to an EventStoreDB or KurrentDB for that.`,
  );
  return [
    service,
    new Map<string, Handler>([
      [
        '*',
        (call) => {
          call.fail(refusal);
        },
      ],
    ]),
  ];
});
