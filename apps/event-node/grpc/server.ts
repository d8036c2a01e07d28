import { createServer as createHttpServer, type RequestListener } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { IncomingHttpHeaders } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { callers } from '../security/caller.js';
import type { Security } from '../security/security.js';
import { Call } from './call.js';
import { CallError, Code, statusText } from './status.js';

export type Handler = (call: Call) => void | Promise<void>;

/** Handlers by service and method, both in lower case: paths are matched without case. */
export type Services = ReadonlyMap<string, ReadonlyMap<string, Handler>>;

const WINDOW = 786_432;
const SETTINGS = {
  maxConcurrentStreams: 100,
  initialWindowSize: WINDOW,
  maxHeaderListSize: 32_768,
  enableConnectProtocol: true,
} as const;
/** The name of a stream may stand in a status and beside it: what is too long to be sent would close the connection. */
const LARGEST_HEADERS = 8 * 1024 * 1024;
const GRPC = /^application\/grpc(\+proto)?(;.*)?$/i;

/** A connection is asked so often whether its client is still there, and is given up when the answer fails to come. */
const PING_EVERY = 10_000;

/** Time for the last frames to leave, in milliseconds. */
const GRACE = 50;

const PREFACE = 'PRI ';

/** gRPC and plain HTTP/1.1 on one port. TLS says which a connection wants; without it its first bytes do. */
export class RpcServer {
  private readonly listener: Server;
  private readonly http2: Http2Server;
  private readonly calls = new Set<Call>();
  private readonly sessions = new Set<ServerHttp2Session>();
  private readonly sockets = new Set<Socket>();
  private readonly callerOf: ReturnType<typeof callers>;

  constructor(
    private readonly services: Services,
    plainHttp: RequestListener,
    security: Security | undefined,
    private readonly pingEvery = PING_EVERY,
  ) {
    this.callerOf = callers(security?.user);
    this.http2 = createHttp2Server({ settings: SETTINGS, maxSendHeaderBlockLength: LARGEST_HEADERS });
    this.http2.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
      session.on('error', () => undefined);
      session.setLocalWindowSize(2 * WINDOW);
      this.keepAsking(session);
    });
    this.http2.on('stream', (stream, headers) => {
      this.route(stream, headers);
    });
    const http1 = createHttpServer(plainHttp);
    const accept = (socket: Socket, protocol?: string): void => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.setNoDelay(true);
      if (protocol !== undefined) {
        (protocol === 'h2' ? this.http2 : http1).emit('connection', socket);
        return;
      }
      socket.once('data', (first: Buffer) => {
        socket.pause();
        socket.unshift(first);
        const isHttp2 = first.toString('latin1', 0, PREFACE.length) === PREFACE;
        (isHttp2 ? this.http2 : http1).emit('connection', socket);
        if (!isHttp2) socket.resume();
      });
    };
    this.listener = security
      ? createTlsServer(
          { cert: security.certificate, key: security.key, ALPNProtocols: ['h2', 'http/1.1'] },
          (socket) => {
            accept(socket, socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1');
          },
        )
      : createServer(accept);
  }

  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.listener.once('error', reject);
      this.listener.listen(port, host, () => {
        resolve(portOf(this.listener.address()));
      });
    });
  }

  /** No new calls; those under way may go on for a while and are then cut off. */
  async close(patience: number): Promise<void> {
    this.listener.close();
    for (const session of this.sessions) session.close();
    const deadline = Date.now() + patience;
    while (this.sessions.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const call of this.calls) call.cutOff();
    await new Promise((resolve) => setTimeout(resolve, GRACE));
    for (const socket of this.sockets) socket.destroy();
  }

  /** A machine that vanished says no goodbye: what it subscribed to would be kept for it for ever. */
  private keepAsking(session: ServerHttp2Session): void {
    let answered = true;
    const timer = setInterval(() => {
      // It may be gone before it says that it is closed.
      if (session.destroyed) return;
      if (!answered) session.destroy();
      else answered = !session.ping(() => (answered = true));
    }, this.pingEvery).unref();
    session.once('close', () => {
      clearInterval(timer);
    });
  }

  private route(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const [, service = '', method = '', ...more] = (headers[':path'] ?? '').toLowerCase().split('/');
    const methods = this.services.get(service);
    if (!methods || more.some((part) => part !== '')) {
      refuse(stream, { ':status': 404, 'content-type': 'application/grpc' });
      return;
    }
    const contentType = headers['content-type'];
    if (contentType === undefined || !GRPC.test(contentType)) {
      refuse(stream, {
        ':status': 415,
        'grpc-status': String(Code.INTERNAL),
        'grpc-message': statusText(unsupported(contentType)),
      });
      return;
    }
    const caller = this.callerOf(headers.authorization);
    const call = new Call(stream, headers, caller === 'anonymous');
    if (caller === 'stranger') {
      call.fail(new CallError(Code.UNAUTHENTICATED, 'Unauthenticated'));
      return;
    }
    const handler = methods.get(method) ?? methods.get('*');
    if (!handler) {
      call.fail(new CallError(Code.UNIMPLEMENTED, 'Method is unimplemented.'));
      return;
    }
    this.calls.add(call);
    call.onEnd(() => this.calls.delete(call));
    void run(handler, call);
  }
}

async function run(handler: Handler, call: Call): Promise<void> {
  try {
    await handler(call);
  } catch (error) {
    call.fail(error);
  }
}

function refuse(stream: ServerHttp2Stream, headers: Record<string, string | number>): void {
  stream.on('error', () => undefined);
  stream.resume();
  stream.respond({ ...headers, 'content-length': '0' }, { endStream: true });
}

const unsupported = (contentType: string | undefined): string =>
  contentType === undefined
    ? 'Content-Type is missing from the request.'
    : `Content-Type '${contentType}' is not supported.`;

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the node does not listen on a port');
  return address.port;
}
