import type { EventLog } from '../log/event-log.js';
import type { Frames } from '../log/frames.js';
import type { LogEvent } from '../log/log-event.js';
import { TOMBSTONE } from '../log/revisions.js';
import { isMetaStream, originalOf } from '../log/stream-names.js';
import { firstKept, isAbsent, isExpired } from '../log/visibility.js';
import { decodeEventFrame, resolvedFrame, viewOf, type EventView } from '../protocol/event-frame.js';
import type { Outbox } from './outbox.js';

const LINK = '$>';

/** Turns events into the frames a reader asked for. */
export class Presenter {
  constructor(
    private readonly log: EventLog,
    private readonly view: EventView,
    private readonly resolveLinks: boolean,
  ) {}

  /** Whether the frames in the log are what is sent, whatever they hold. */
  get sendsAsStored(): boolean {
    return !this.resolveLinks && !this.view.structuredIds;
  }

  /** Events of the past, in their order. */
  async send(page: Frames, outbox: Outbox): Promise<void> {
    if (this.sendsAsStored) {
      await outbox.send(page.bytes);
      return;
    }
    for (const event of page.events()) {
      const frame = this.present(event);
      outbox.add(frame instanceof Promise ? await frame : frame);
      if (outbox.isFull) await outbox.flush();
    }
  }

  /** `live` events take another way through the server, which tells links it cannot read otherwise. */
  present(event: LogEvent, live = false): Buffer | Promise<Buffer> {
    if (this.resolveLinks && event.type === LINK) return this.resolve(event, live);
    return viewOf(event.frame, this.view);
  }

  private async resolve(link: LogEvent, live: boolean): Promise<Buffer> {
    const target = parseLink(decodeEventFrame(link.frame).data.toString());
    if (target === 'not a link' && !live) return viewOf(link.frame, this.view);
    const found = typeof target === 'object' ? await this.find(target) : undefined;
    return resolvedFrame(link.frame, found, this.view);
  }

  private async find({ stream, revision }: Target): Promise<Buffer | undefined> {
    const head = await this.log.heads.get(stream);
    if (isAbsent(head) || head.lastRevision === TOMBSTONE) return undefined;
    if (isMetaStream(stream) && (await this.log.heads.get(originalOf(stream))).lastRevision === TOMBSTONE)
      return undefined;
    const wanted = revision === -1n ? head.lastRevision : revision;
    if (wanted < firstKept(head)) return undefined;
    const event = await this.log.reader.event(stream, wanted);
    return event && !isExpired(event, head) ? event.frame : undefined;
  }
}

interface Target {
  readonly stream: string;
  readonly revision: bigint;
}

/** `revision@stream`; revision -1 is the last event. What begins with no number is an event like others. */
function parseLink(text: string): Target | 'to nowhere' | 'not a link' {
  const [number = '', stream] = splitOnce(text);
  if (!/^\s*[+-]?\d+\s*$/.test(number)) return 'not a link';
  const revision = BigInt(number.replace('+', '').trim());
  if (revision > TOMBSTONE || revision < -TOMBSTONE) return 'not a link';
  return !stream || revision < -1n ? 'to nowhere' : { stream, revision };
}

function splitOnce(text: string): string[] {
  const at = text.indexOf('@');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
