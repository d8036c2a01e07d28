import type { EventLog } from '../log/event-log.js';
import type { LogEvent } from '../log/log-event.js';
import { TOMBSTONE } from '../log/revisions.js';
import { firstKept, isAbsent, isExpired } from '../log/visibility.js';
import { decodeEventFrame, resolvedFrame, viewOf, type EventView } from '../protocol/event-frame.js';

const LINK = '$>';

/** Turns events into the frames a reader asked for. */
export class Presenter {
  constructor(
    private readonly log: EventLog,
    private readonly view: EventView,
    private readonly resolveLinks: boolean,
  ) {}

  present(event: LogEvent): Buffer | Promise<Buffer> {
    if (this.resolveLinks && event.type === LINK) return this.resolve(event);
    return viewOf(event.frame, this.view);
  }

  private async resolve(link: LogEvent): Promise<Buffer> {
    const target = parseLink(decodeEventFrame(link.frame).data.toString());
    if (!target) return viewOf(link.frame, this.view);
    return resolvedFrame(link.frame, await this.find(target), this.view);
  }

  private async find({ stream, revision }: Target): Promise<Buffer | undefined> {
    const head = await this.log.heads.get(stream);
    if (isAbsent(head) || head.lastRevision === TOMBSTONE) return undefined;
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

/** `revision@stream`; revision -1 is the last event. What does not parse is an event like others. */
function parseLink(text: string): Target | undefined {
  const match = /^\s*([+-]?\d+)\s*@(.*)$/s.exec(text);
  const [, number, stream] = match ?? [];
  if (number === undefined || !stream) return undefined;
  const revision = BigInt(number.replace('+', ''));
  return revision < -1n || revision > TOMBSTONE ? undefined : { stream, revision };
}
