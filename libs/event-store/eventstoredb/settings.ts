import { EventStoreMisconfigured } from '../failures.js';

/** A cluster that hangs must be noticed by the connection too: the client's own ten seconds are too long for a caller. */
const KEEP_ALIVE = 2_000;
/** Seconds that one silent seed may hold up the search for the leader; the client's own are five. */
const GOSSIP_TIMEOUT = 1;

/** Options that name files. */
const FILES = ['tlscafile', 'usercertfile', 'userkeyfile'];

export interface Host {
  readonly name: string;
  readonly port: number;
}

/** What we must know of a connection string; all else in it is the client's affair. */
export interface ConnectionSettings {
  readonly hosts: readonly Host[];
  readonly tls: boolean;
  readonly tlsCAFile: string | undefined;
  /** Read whenever a client is built. */
  readonly certificateFiles: readonly string[];
  /** The string for the n-th client of this process, with what we add to it. */
  urlOf(generation: number): string;
}

/** Reads a connection string. @throws EventStoreMisconfigured when it cannot work, or would not do what it seems to say */
export function readConnectionString(text: string): ConnectionSettings {
  // As the client reads it: up to the first @ it is a user with a password, whatever else that may look like.
  const [, scheme = '', user = '', places = '', query = ''] =
    /^((?:esdb|kurrentdb|kurrent|kdb)(?:\+discover)?):\/\/([^:]+:[^@]+@)?([^?]*)(?:\?(.*))?$/.exec(text.trim()) ?? [];
  if (scheme === '') throw unusable('expected esdb://host:port, several hosts as esdb://a:2113,b:2113,c:2113');
  if (places.includes('@'))
    throw unusable('write user:password@ before the hosts, and @ : / in either of them percent-encoded');
  const hosts = places
    .split(/[,/]/)
    .filter((part) => part !== '')
    .map(hostOf);
  if (hosts.length === 0) throw unusable('it names no host');
  const written = hosts.map(({ name, port }) => `${name}:${port}`).join(',');
  if (scheme.endsWith('+discover') && hosts.length > 1)
    throw new EventStoreMisconfigured(
      'several hosts to discover',
      `EVENTSTORE_URL: ${scheme}:// uses its first host only, so a cluster would be lost with it. ` +
        `Write esdb://${written} instead, or discover one DNS name.`,
    );
  // One client serves both servers, and it knows the older name only.
  const known = scheme.replace(/^k\w+/, 'esdb');
  if (known !== scheme)
    throw unusable(`${scheme}:// is written ${known}://${written} here, which KurrentDB answers as well`);
  const options = new Map(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => [flat(pair.split('=', 1)[0] ?? ''), pair.slice(pair.indexOf('=') + 1).trim()]),
  );
  if (options.get('throwonappendfailure') === 'false')
    throw unusable('throwOnAppendFailure=false makes the client report wrong revisions: leave it out');
  const isSecured = options.get('tls') !== 'false';
  const files = FILES.map((name) => fileIn(options, name));
  return {
    hosts,
    tls: isSecured,
    tlsCAFile: files[0] === '' ? undefined : files[0],
    certificateFiles: isSecured ? files.filter((file) => file !== '') : [],
    urlOf: (generation) =>
      `${scheme}://${user}${places}?${[query, ...additions(options, generation)].filter(Boolean).join('&')}`,
  };
}

/** Our own settings, unless the operator has set them. */
function* additions(options: ReadonlyMap<string, string>, generation: number): Iterable<string> {
  // Channels with equal settings share one connection inside the client, also a dead one: no two clients are quite equal.
  const interval = Number(options.get('keepaliveinterval') ?? KEEP_ALIVE);
  yield `keepAliveInterval=${interval > 0 ? interval + (generation % 100) : interval}`;
  if (!options.has('keepalivetimeout')) yield `keepAliveTimeout=${KEEP_ALIVE}`;
  if (!options.has('gossiptimeout')) yield `gossipTimeout=${GOSSIP_TIMEOUT}`;
}

function fileIn(options: ReadonlyMap<string, string>, name: string): string {
  try {
    return decodeURIComponent(options.get(name) ?? '');
  } catch {
    throw unusable(`${name} has a % that encodes nothing: a % itself is written %25`);
  }
}

/** Does not say which: where an @ was forgotten, it is a password. */
const NO_HOST = 'what stands for a host in it is not written host:port';

function hostOf(text: string): Host {
  const [name = '', port = '2113', ...more] = text.trim().split(':');
  if (name === '' || !/^\d{1,5}$/.test(port) || more.length > 0) throw unusable(NO_HOST);
  return { name, port: Number(port) };
}

/** Names of options are compared as the client does. */
const flat = (name: string): string => name.trim().toLowerCase().replace(/[_-]/g, '');

const unusable = (why: string): EventStoreMisconfigured =>
  new EventStoreMisconfigured('connection string', `EVENTSTORE_URL cannot be used: ${why}.`);
