import { decodeEventFrame, type StoredEvent } from '../protocol/event-frame.js';

/** An event of the log, as subscribers and reads see it. */
export interface LogEvent {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  readonly frame: Buffer;
}

/** An event as it lies on disk: what its bytes say is looked up when somebody asks, which most readers never do. */
export class StoredLogEvent implements LogEvent {
  private content: StoredEvent | undefined;

  constructor(readonly frame: Buffer) {}

  get position(): bigint {
    return this.decoded.position;
  }

  get stream(): string {
    return this.decoded.stream;
  }

  get revision(): bigint {
    return this.decoded.revision;
  }

  get type(): string {
    return this.decoded.type;
  }

  private get decoded(): StoredEvent {
    return (this.content ??= decodeEventFrame(this.frame));
  }
}
