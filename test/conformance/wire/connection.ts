import { once } from 'node:events';
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { gunzipSync, gzipSync } from 'node:zlib';
import { authorization, httpOptions, type Target } from '../target.js';

const CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];
const RESETS = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];
const NOT_METADATA = new Set([
  ':status',
  'date',
  'server',
  'content-type',
  'grpc-status',
  'grpc-message',
  'grpc-accept-encoding',
  'content-length',
]);
const LARGE = 1 << 21;
const PIECE = 32_768;

/** Null takes away a header that a call has by itself. */
export type Headers = Readonly<Record<string, string | null>>;

/** A connection that hides nothing of HTTP/2 from a case. */
export class Connection {
  readonly session: ClientHttp2Session;
  goaway: string | null = null;
  private readonly connected: Promise<unknown>;

  constructor(private readonly target: Target) {
    this.session = http2.connect(`${target.tls ? 'https' : 'http'}://${target.address}`, {
      settings: { enablePush: false },
      maxHeaderListPairs: 4096,
      ...httpOptions(target),
    });
    this.connected = once(this.session, 'connect').catch(() => undefined);
    this.session.on('error', () => undefined);
    this.session.on('goaway', (code: number) => (this.goaway = RESETS[code] ?? String(code)));
  }

  get isOpen(): boolean {
    return !this.session.destroyed && !this.session.closed;
  }

  open(rpc: string, headers: Headers, encoding: string | undefined): WireCall {
    return new WireCall(
      this.session.request({ ...authorization(this.target), ...requestHeaders(rpc, headers, encoding) }),
      encoding,
    );
  }

  async ping(): Promise<void> {
    await this.connected;
    await new Promise<void>((resolve, reject) => {
      this.session.ping((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }
}

function requestHeaders(rpc: string, headers: Headers, encoding: string | undefined): Record<string, string> {
  const all: Headers = {
    ':method': 'POST',
    ':path': `/${rpc}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...(encoding !== undefined && { 'grpc-encoding': encoding, 'grpc-accept-encoding': 'identity,gzip' }),
    ...headers,
  };
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

/** One call: messages as they come, and how it ended. */
export class WireCall {
  private readonly messages: Buffer[] = [];
  private rest = Buffer.alloc(0);
  private initial: IncomingHttpHeaders | undefined;
  private trailer: IncomingHttpHeaders | undefined;
  private isTrailersOnly = false;
  private hasEnded = false;
  private sending: Promise<void> | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly stream: ClientHttp2Stream,
    private readonly encoding: string | undefined,
  ) {
    stream.on('response', (headers, flags) => {
      this.initial = headers;
      this.isTrailersOnly = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    });
    stream.on('trailers', (headers: IncomingHttpHeaders) => (this.trailer = headers));
    stream.on('data', (chunk: Buffer) => {
      this.take(chunk);
    });
    stream.on('error', () => undefined);
    stream.on('close', () => {
      this.hasEnded = true;
      this.wake();
    });
  }

  send(body: Buffer): void {
    if (this.stream.destroyed || this.stream.writableEnded) return;
    const isPacked = this.encoding === 'gzip';
    const content = isPacked ? gzipSync(body) : body;
    const head = Buffer.from([isPacked ? 1 : 0, 0, 0, 0, 0]);
    head.writeUInt32BE(content.length, 1);
    this.sendRaw(Buffer.concat([head, content]));
  }

  /** Very large messages go piece by piece: an early answer is lost among megabytes that were not sent yet. */
  sendRaw(bytes: Buffer): void {
    if (bytes.length <= LARGE) {
      this.stream.write(bytes);
      return;
    }
    this.sending = (async () => {
      for (let at = 0; at < bytes.length && !this.initial && !this.hasEnded; at += PIECE) {
        await new Promise((resolve) => this.stream.write(bytes.subarray(at, at + PIECE), resolve));
      }
    })();
  }

  halfClose(): void {
    void (this.sending ?? Promise.resolve()).then(() => {
      if (!this.stream.writableEnded && !this.stream.destroyed) this.stream.end();
    });
  }

  cancel(): void {
    this.stream.close(http2.constants.NGHTTP2_CANCEL);
  }

  pause(): void {
    this.stream.pause();
  }

  resume(): void {
    this.stream.resume();
  }

  /** The next message; `ended` or `quiet` when there is none. */
  async next(milliseconds: number): Promise<Buffer | 'ended' | 'quiet'> {
    await this.until(() => this.messages.length > 0 || this.hasEnded, milliseconds);
    return this.messages.shift() ?? (this.hasEnded ? 'ended' : 'quiet');
  }

  /** How the call ended: gRPC status, HTTP status other than 200, reset. */
  async status(milliseconds: number): Promise<Record<string, unknown>> {
    await this.until(() => this.hasEnded, milliseconds);
    if (!this.hasEnded) return { transport: 'still open' };
    const closing = this.closingHeaders;
    const code = closing['grpc-status'];
    const message = closing['grpc-message'];
    const http = Number(this.initial?.[':status'] ?? 200);
    const reset = this.stream.rstCode;
    const status = {
      ...(code !== undefined && { code: Number(code), name: CODES[Number(code)] }),
      ...(message !== undefined && { details: decodeURIComponent(String(message)) }),
      ...(http !== 200 && { http }),
      ...(reset !== 0 && { reset: RESETS[reset] ?? reset }),
    };
    return Object.keys(status).length > 0 ? status : { transport: 'closed without status' };
  }

  trailers(): Record<string, unknown> {
    return metadataOf(this.closingHeaders);
  }

  initialMetadata(): Record<string, unknown> {
    return this.isTrailersOnly ? {} : metadataOf(this.initial ?? {});
  }

  private get closingHeaders(): IncomingHttpHeaders {
    return (this.isTrailersOnly ? this.initial : this.trailer) ?? {};
  }

  private take(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 5) {
      const end = 5 + this.rest.readUInt32BE(1);
      if (this.rest.length < end) break;
      const content = this.rest.subarray(5, end);
      this.messages.push(this.rest[0] === 1 ? gunzipSync(content) : content);
      this.rest = this.rest.subarray(end);
    }
    this.wake();
  }

  private async until(condition: () => boolean, milliseconds: number): Promise<void> {
    const deadline = Date.now() + milliseconds;
    while (!condition() && Date.now() < deadline) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, deadline - Date.now());
      });
      clearTimeout(timer);
    }
  }
}

const metadataOf = (headers: IncomingHttpHeaders): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => !NOT_METADATA.has(key)));
