import { readFileSync } from 'node:fs';
import { list, object, text } from './json.js';
import { Connection } from './wire/connection.js';
import { Codec } from './wire/messages.js';

const GOSSIP = 'event_store.client.gossip.Gossip/Read';
const PATIENCE = 5000;

/** The server that cases are played against. */
export interface Target {
  /** `host:port` */
  readonly address: string;
  /** `name:password`, as the connection string writes them. */
  readonly credentials?: string | undefined;
  readonly tls: boolean;
  readonly caFile?: string | undefined;
}

/** A server without TLS and users, as the cases were recorded on. */
export const plainTarget = (address: string): Target => ({ address, tls: false });

/** The server a connection string leads to: of several hosts, and of a name to discover, the one that leads. */
export async function targetOf(url: string): Promise<Target> {
  const [, discover, authority = '', query = ''] =
    /^(?:esdb|kurrent|kurrentdb|kdb)(\+discover)?:\/\/([^/?]*)\/?(?:\?(.*))?$/.exec(url.trim()) ?? [];
  if (authority === '') throw new Error(`${url} is no connection string: esdb://host:port?tls=false`);
  const at = authority.lastIndexOf('@');
  const hosts = authority.slice(at + 1).split(',');
  const options = new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value]));
  const targets = hosts.map((host) => ({
    address: host.includes(':') ? host : `${host}:2113`,
    credentials: at < 0 ? undefined : authority.slice(0, at),
    tls: options.get('tls') !== 'false',
    caFile: options.get('tlscafile'),
  }));
  const [only] = targets;
  if (only && targets.length === 1 && discover === undefined) return only;
  for (const target of targets) {
    const address = await leaderBy(target);
    if (address !== undefined) return { ...target, address };
  }
  throw new Error(`none of ${hosts.join(', ')} names a leader`);
}

/** Where a node says that the leader is; undefined when it says nothing. */
async function leaderBy(target: Target): Promise<string | undefined> {
  const connection = new Connection(target);
  try {
    const call = connection.open(GOSSIP, {}, undefined);
    const codec = new Codec(GOSSIP);
    call.send(codec.encode({}));
    call.halfClose();
    const answer = await call.next(PATIENCE);
    if (!(answer instanceof Buffer)) return undefined;
    const members = list(object(codec.decode(answer))['members']).map(object);
    const { address, port } = object(members.find(({ state }) => state === 'LEADER')?.['httpEndPoint']);
    return address === undefined ? undefined : `${text(address)}:${String(port)}`;
  } finally {
    connection.session.destroy();
  }
}

/** What makes HTTP speak to it. */
export const httpOptions = ({ caFile }: Target) => (caFile === undefined ? {} : { ca: readFileSync(caFile) });

/** The header that says who we are; none on a server that asks nobody. */
export function authorization({ credentials }: Target): Record<string, string> {
  if (credentials === undefined) return {};
  const [name = '', password = ''] = credentials.split(':').map(decodeURIComponent);
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}

/** The rest of a connection string after `esdb://`. */
export function inConnectionString({ address, credentials, tls, caFile }: Target): string {
  const user = credentials === undefined ? '' : `${credentials}@`;
  const authority = caFile === undefined ? '' : `&tlsCAFile=${caFile}`;
  return `${user}${address}?tls=${String(tls)}${authority}`;
}
