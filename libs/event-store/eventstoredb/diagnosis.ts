import { readFile } from 'node:fs/promises';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { EventStoreMisconfigured } from '../failures.js';
import type { ConnectionSettings, Host } from './settings.js';

/** What listens at an address. */
type Found = 'nobody' | 'silence' | 'plain' | 'trusted' | { readonly distrusted: string };

/**
 * What keeps the client from its server, found out with plain sockets: the client's own texts differ with the library,
 * and say the same of a server that is gone and of one that speaks TLS. Undefined when it is nothing that a person must mend.
 */
export async function diagnose(
  settings: ConnectionSettings,
  patience: number,
): Promise<EventStoreMisconfigured | undefined> {
  const ca = await authorityIn(settings);
  if (ca instanceof EventStoreMisconfigured) return ca;
  const found = await Promise.all(
    settings.hosts.map(async (host) => ({ host, found: await probe(host, ca, patience) })),
  );
  const failures = found.flatMap((one) => failureOf(one.host, one.found, settings.tls) ?? []);
  // One good host is enough for the client, but a wrong certificate or scheme is wrong on all of them.
  const telling = failures.find(({ problem }) => problem !== 'nobody listens');
  return telling ?? (failures.length === found.length ? failures[0] : undefined);
}

/** The client has read the file when it was built; it may be gone since. */
async function authorityIn({
  tls,
  tlsCAFile,
}: ConnectionSettings): Promise<Buffer | EventStoreMisconfigured | undefined> {
  if (!tls || tlsCAFile === undefined) return undefined;
  try {
    return await readFile(tlsCAFile);
  } catch (error) {
    return new EventStoreMisconfigured(
      'certificate',
      `The file ${tlsCAFile} is not there or cannot be read: put it back, or correct tlsCAFile in EVENTSTORE_URL.`,
      error,
    );
  }
}

function failureOf({ name, port }: Host, found: Found, tls: boolean): EventStoreMisconfigured | undefined {
  const at = `${name}:${port}`;
  const say = (problem: EventStoreMisconfigured['problem'], message: string) =>
    new EventStoreMisconfigured(problem, message);
  if (found === 'nobody')
    return say(
      'nobody listens',
      `Nobody listens at ${at}: start the event store, or correct host and port in EVENTSTORE_URL.`,
    );
  if (found === 'silence') return undefined;
  if (found === 'plain')
    return tls
      ? say('store speaks no TLS', `The event store at ${at} speaks no TLS: add tls=false to EVENTSTORE_URL.`)
      : undefined;
  if (!tls)
    return say('store speaks TLS', `The event store at ${at} speaks TLS only: remove tls=false from EVENTSTORE_URL.`);
  if (found === 'trusted') return undefined;
  return say(
    'certificate',
    `The certificate of the event store at ${at} cannot be verified (${found.distrusted}): give the authority that ` +
      'signed it as tlsCAFile=… in EVENTSTORE_URL or in NODE_EXTRA_CA_CERTS. tlsVerifyCert=false has no effect.',
  );
}

async function probe(host: Host, ca: Buffer | undefined, patience: number): Promise<Found> {
  const reached = await knock(host, patience);
  return reached ?? (await shakeHands(host, ca, patience));
}

/** Connects; undefined when somebody is there. */
function knock({ name, port }: Host, patience: number): Promise<'nobody' | 'silence' | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: name, port });
    const done = (answer: 'nobody' | 'silence' | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patience, () => done('silence'));
    socket.once('connect', () => done(undefined)).once('error', () => done('nobody'));
  });
}

/** Tries to speak TLS: a server that does not closes the connection, or answers something else. */
function shakeHands({ name, port }: Host, ca: Buffer | undefined, patience: number): Promise<Found> {
  return new Promise((resolve) => {
    const socket = connectTls({
      host: name,
      port,
      ca,
      // A server's name is sent only if it is one: an address would be refused.
      servername: isIP(name) === 0 ? name : '',
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
    });
    const done = (found: Found) => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(patience, () => done('silence'));
    socket
      .once('secureConnect', () => {
        const { authorizationError: doubt } = socket;
        done(socket.authorized ? 'trusted' : { distrusted: doubt instanceof Error ? doubt.message : String(doubt) });
      })
      .once('error', () => done('plain'))
      .once('close', () => done('plain'));
  });
}
