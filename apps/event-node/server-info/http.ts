import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { callers } from '../security/caller.js';
import type { User } from '../security/security.js';
import type { Member } from './gossip.js';
import { SERVER_VERSION } from './features.js';
import { processStats } from './stats.js';

const CORS = { 'access-control-allow-methods': 'GET, OPTIONS' };
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8', ...CORS };

/** What tells of the node's work. Health and version are for everybody. */
const FOR_USERS = new Set(['/gossip', '/stats']);

/** What monitoring tools and people ask for over plain HTTP. */
export function plainHttp(member: () => Member, position: () => bigint, user: User | undefined): RequestListener {
  const callerOf = callers(user);
  const documents: Readonly<Record<string, () => [object, Record<string, string>?]>> = {
    '/info': () => [
      {
        esVersion: `${SERVER_VERSION}.0`,
        state: 'leader',
        features: { projections: false, userManagement: false, atomPub: false },
        authentication: { type: user ? 'internal' : 'insecure', properties: null },
      },
    ],
    '/gossip': () => [
      gossip(member(), position()),
      { vary: 'Accept', 'cache-control': 'max-age=0, no-cache, must-revalidate' },
    ],
    '/stats': () => [
      { proc: processStats(), sys: {}, es: {} },
      { vary: 'Accept', 'cache-control': 'max-age=1, public' },
    ],
    '/ping': () => [{ text: 'Ping request', msgTypeId: 0, label: 'HttpMessage' }],
  };
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const document = documents[path];
    const caller = callerOf(request.headers.authorization);
    if (caller === 'stranger' || (caller === 'anonymous' && FOR_USERS.has(path))) {
      response.writeHead(401, { 'www-authenticate': 'X-Basic realm="ESDB"' }).end();
      return;
    }
    if (isRead && path === '/health/live') response.writeHead(204).end();
    else if (isRead && document) sendJson(response, ...document());
    else if (isRead && (path === '/' || path === '/web')) redirect(request, response);
    else response.writeHead(404).end();
  };
}

function sendJson(response: ServerResponse, document: object, headers: Record<string, string> = {}): void {
  response.writeHead(200, { ...JSON_TYPE, ...headers }).end(JSON.stringify(document));
}

function redirect(request: IncomingMessage, response: ServerResponse): void {
  const location = `http://${request.headers.host ?? '127.0.0.1'}/web/index.html`;
  response.writeHead(302, { 'content-type': 'text/plain; charset=utf-8', location, ...CORS }).end('Moved');
}

function gossip(member: Member, position: bigint): object {
  const { host, port, instanceId, since } = member;
  const checkpoint = Number(position);
  return {
    members: [
      {
        instanceId,
        timeStamp: since.toISOString(),
        state: 'Leader',
        isAlive: true,
        internalTcpIp: host,
        internalTcpPort: 0,
        internalSecureTcpPort: 0,
        externalTcpIp: host,
        externalTcpPort: 0,
        externalSecureTcpPort: 0,
        httpEndPointIp: host,
        httpEndPointPort: port,
        lastCommitPosition: checkpoint,
        writerCheckpoint: checkpoint,
        chaserCheckpoint: checkpoint,
        epochPosition: 0,
        epochNumber: 0,
        epochId: instanceId,
        nodePriority: 0,
        isReadOnlyReplica: false,
        esVersion: SERVER_VERSION,
      },
    ],
    serverIp: host,
    serverPort: port,
  };
}
