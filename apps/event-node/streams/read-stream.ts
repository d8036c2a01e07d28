import { CallError, Code, handlerFailed, streamDeleted } from '../grpc/status.js';
import type { EventLog } from '../log/event-log.js';
import type { Head } from '../log/head.js';
import { TOMBSTONE } from '../log/revisions.js';
import { isMetaStream, originalOf } from '../log/stream-names.js';
import { firstKept, isAbsent } from '../log/visibility.js';
import { firstStreamPosition, lastStreamPosition, streamNotFound } from '../protocol/read-replies.js';
import type { ReadFrom, ReadTarget } from '../protocol/read-request.js';
import { Outbox } from './outbox.js';
import type { CountedRead } from './requests.js';
import { spanOf, streamPages } from './stream-pages.js';

const PAGE = 32n;
const END_ON_THE_WIRE = 2n ** 64n - 1n;

/** Streams/Read of one stream. */
export async function readStream(
  request: CountedRead,
  { stream, from }: ReadTarget & { kind: 'stream' },
  compatibility: number,
): Promise<void> {
  const { log, call, presenter, backwards, count, withIds } = request;
  const start = revisionOf(from, backwards);
  if (count === 0n || start === 'nowhere') throw new CallError(Code.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  const span = spanOf(start, backwards, count);
  const { head, frames } = await log.heads.open(stream, span);
  await refuseTombstone(log, stream, head);
  if (isAbsent(head)) {
    call.end(streamNotFound(stream));
    return;
  }
  if (!withIds) return;
  const outbox = new Outbox(call);
  const begins = new Beginning(compatibility >= 1 && !backwards, start, count, outbox);
  begins.at(firstKept(head));
  let begun = false;
  for await (const page of streamPages(log, stream, span, head, frames)) {
    const { first } = page;
    if (first && !begun) begins.at(first.revision);
    begun ||= first !== undefined;
    await presenter.send(page, outbox);
    if (!call.isOpen) break;
  }
  if (!begun) begins.behind(head.lastRevision);
  if (compatibility >= 1) outbox.add(lastStreamPosition(head.lastRevision));
  outbox.write();
  call.end();
}

/** The head of a stream that can be read. */
export async function readableHead(log: EventLog, stream: string): Promise<Head> {
  const head = await log.heads.get(stream);
  await refuseTombstone(log, stream, head);
  return head;
}

/** A tombstone of a stream is one of its metadata stream too. */
async function refuseTombstone(log: EventLog, stream: string, head: Head): Promise<void> {
  if (head.lastRevision === TOMBSTONE) throw streamDeleted(stream);
  if (isMetaStream(stream) && (await log.heads.get(originalOf(stream))).lastRevision === TOMBSTONE)
    throw streamDeleted(stream);
}

/** Tells where a stream begins, as the server does each time one of its pages comes back empty before any event. */
class Beginning {
  constructor(
    private readonly isTold: boolean,
    private asked: bigint,
    private readonly count: bigint,
    private readonly outbox: Outbox,
  ) {}

  /** The next page that can hold anything begins here. */
  at(revision: bigint): void {
    if (revision >= this.asked + (this.count < PAGE ? this.count : PAGE)) this.tell(revision);
  }

  /** There was nothing up to the end of the stream. */
  behind(lastRevision: bigint): void {
    if (lastRevision + 1n !== this.asked) this.tell(lastRevision + 1n);
  }

  private tell(revision: bigint): void {
    this.asked = revision;
    if (this.isTold) this.outbox.add(firstStreamPosition(revision));
  }
}

/** The last revision there can be stands for that of the last event. */
function revisionOf(from: ReadFrom<{ revision: bigint }>, backwards: boolean): bigint | 'nowhere' {
  switch (from.kind) {
    case 'start':
      return 0n;
    case 'end':
      return backwards ? TOMBSTONE : 'nowhere';
    case 'at':
      if (from.revision === END_ON_THE_WIRE) return backwards ? TOMBSTONE : 'nowhere';
      if (from.revision > TOMBSTONE) throw handlerFailed();
      return from.revision;
  }
}
