import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { MessageParser } from './message-parser.js';
import { CallError, Code, handlerFailed, statusText } from './status.js';
import { timeoutOf } from './timeout.js';

const RESPONSE = { ':status': 200, 'content-type': 'application/grpc' } as const;

/** What a handler wants to hear of the caller. */
export interface CallEvents {
  message(body: Buffer): void;
  halfClose(): void;
}

/** One call of a client. A handler listens, writes frames, and ends it once. */
export class Call {
  private readonly parser: MessageParser;
  private readonly endings: (() => void)[] = [];
  private readonly timer: NodeJS.Timeout | undefined;
  private trailers: Record<string, string> | undefined;
  private ended = false;
  private halfClosed = false;
  private resetCode: number = constants.NGHTTP2_NO_ERROR;
  private onTaken: () => void = () => undefined;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly headers: IncomingHttpHeaders,
    /** Nobody signed in, on a node that has users. */
    readonly isAnonymous = false,
  ) {
    const encoding = headers['grpc-encoding'];
    this.parser = new MessageParser(Array.isArray(encoding) ? encoding.join(', ') : encoding);
    const timeout = timeoutOf(headers['grpc-timeout']);
    if (timeout !== undefined) this.timer = setTimeout(this.expire, timeout);
    stream.on('error', () => undefined);
    stream.on('aborted', this.finish);
    stream.on('close', this.finish);
    stream.on('wantTrailers', () => {
      stream.sendTrailers(this.trailers ?? {});
      if (!this.halfClosed) setImmediate(this.reset);
    });
  }

  /** Starts to read the request. What a listener throws ends the call. */
  listen(events: CallEvents): void {
    const take = (body: Buffer): void => {
      if (!this.ended) events.message(body);
    };
    this.stream.on('data', (chunk: Buffer) => {
      this.guard(() => {
        this.parser.push(chunk, take);
      });
    });
    this.stream.on('end', () => {
      // A reset ends what can be read as well, but it is no half-close.
      if (this.stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
      this.halfClosed = true;
      this.guard(() => {
        if (this.parser.unfinished) throw new CallError(Code.INTERNAL, 'Incomplete message.');
        if (!this.ended) events.halfClose();
      });
    });
  }

  /** The one message of a call that sends one. */
  request(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      let request: Buffer | undefined;
      this.listen({
        message: (body) => {
          if (request) reject(new CallError(Code.INTERNAL, 'Additional data after the message received.'));
          request ??= body;
        },
        halfClose: () => {
          if (request) resolve(request);
          else reject(new CallError(Code.INTERNAL, 'Incomplete message.'));
        },
      });
    });
  }

  /** Sends frames. False when the caller is not keeping up: then wait for `drained`. */
  write(...frames: readonly Buffer[]): boolean {
    if (this.ended) return true;
    if (!this.stream.headersSent) this.stream.respond(RESPONSE, { waitForTrailers: true });
    const [only] = frames;
    if (only && frames.length === 1) return this.stream.write(only, this.taken);
    this.stream.cork();
    for (const bytes of frames) this.stream.write(bytes, this.taken);
    this.stream.uncork();
    return !this.stream.writableNeedDrain;
  }

  /** Resolves when the caller has taken what was written, or is gone. */
  async drained(): Promise<void> {
    while (!this.ended && this.stream.writableNeedDrain)
      await new Promise<void>((resolve) => {
        this.onTaken = resolve;
      });
  }

  /** `host:port`, as the caller knows this node. */
  get authority(): string {
    return this.headers[':authority'] ?? '';
  }

  get isOpen(): boolean {
    return !this.ended;
  }

  get isBlocked(): boolean {
    return this.stream.writableNeedDrain;
  }

  /** Whether the caller has sent all it has to send. */
  get isHalfClosed(): boolean {
    return this.halfClosed;
  }

  /** Calls back once, when the call ends for whatever reason. */
  onEnd(listener: () => void): void {
    if (this.ended) listener();
    else this.endings.push(listener);
  }

  end(frames?: Buffer): void {
    if (this.ended) return;
    if (frames) this.write(frames);
    this.close(Code.OK, undefined, {});
  }

  fail(error: unknown): void {
    const failure = error instanceof CallError ? error : handlerFailed();
    this.close(failure.code, failure.message, failure.trailers);
  }

  /** Ends the call without a status, as a server does that has waited long enough. */
  cutOff(): void {
    if (this.ended) return;
    this.finish();
    this.reset();
  }

  private guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.fail(error);
    }
  }

  private close(code: Code, message: string | undefined, extra: Readonly<Record<string, string>>): void {
    if (this.ended) return;
    this.finish();
    if (this.stream.destroyed) return;
    const status = {
      ...extra,
      'grpc-status': String(code),
      ...(message === undefined ? {} : { 'grpc-message': statusText(message) }),
    };
    if (this.stream.headersSent) {
      this.trailers = status;
      this.stream.end();
    } else if (code === Code.OK) {
      this.trailers = status;
      this.stream.respond(RESPONSE, { waitForTrailers: true });
      this.stream.end();
    } else {
      this.stream.respond({ ...RESPONSE, 'content-length': '0', ...status }, { endStream: true });
      if (!this.halfClosed) setImmediate(this.reset);
    }
    // Nobody wants the rest of the request: it may come and be forgotten.
    if (!this.halfClosed) this.stream.removeAllListeners('data').resume();
  }

  /** The answer is complete though the caller may still be sending: the stream has to be closed for both. */
  private readonly reset = (): void => {
    if (!this.stream.destroyed) this.stream.close(this.resetCode);
  };

  private readonly expire = (): void => {
    this.resetCode = constants.NGHTTP2_CANCEL;
    this.fail(new CallError(Code.DEADLINE_EXCEEDED, 'Deadline Exceeded'));
  };

  private readonly taken = (): void => {
    this.onTaken();
  };

  private readonly finish = (): void => {
    if (this.ended) return;
    this.ended = true;
    this.onTaken();
    clearTimeout(this.timer);
    for (const listener of this.endings.splice(0)) listener();
  };
}
