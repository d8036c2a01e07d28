import { checkMessage, frameOf } from '#protobuf';
import type { Call } from '../grpc/call.js';

/** The server whose behaviour this node has. */
export const SERVER_VERSION = '23.10.6';

const PERSISTENT = 'persistent_subscriptions.persistentsubscriptions';

/** Every method that server lists, though some answer UNIMPLEMENTED here: clients choose their ways by this list. */
const METHODS: readonly (readonly [service: string, methods: string, features?: readonly string[]])[] = [
  ['redaction.redaction', 'geteventpositions switchchunks'],
  [PERSISTENT, 'create update delete read getinfo replayparked list restartsubsystem', ['stream', 'all']],
  ['users.users', 'create update delete disable enable details changepassword resetpassword'],
  ['streams.streams', 'read', ['position', 'events']],
  ['streams.streams', 'append delete tombstone'],
  ['streams.streams', 'batchappend', ['deadline_duration']],
  ['operations.operations', 'startscavenge stopscavenge shutdown mergeindexes resignnode setnodepriority'],
  ['operations.operations', 'restartpersistentsubscriptions'],
  ['gossip.gossip', 'read'],
  ['monitoring.monitoring', 'stats'],
  ['server_features.serverfeatures', 'getsupportedmethods'],
];

const reply = frameOf((to) => {
  for (const [service, methods, features = []] of METHODS) {
    for (const method of methods.split(' ')) {
      to.message(1, () => {
        to.text(1, method);
        to.text(2, `event_store.client.${service}`);
        for (const feature of features) to.text(3, feature);
      });
    }
  }
  to.text(2, SERVER_VERSION);
});

/** ServerFeatures/GetSupportedMethods. */
export async function getSupportedMethods(call: Call): Promise<void> {
  checkMessage(await call.request());
  call.end(reply);
}
