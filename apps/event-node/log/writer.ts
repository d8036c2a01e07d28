import type { AppendOutcome, AppendRequest, Done, ProposedEvent } from './append-request.js';
import { decide, type Decision } from './decision.js';
import { EMPTY, type Head } from './head.js';
import type { Heads } from './heads.js';
import { IdMemory } from './id-memory.js';
import { metadataEvent, PendingBatch, tombstoneEvent, type Positions } from './pending-batch.js';
import type { LogReader } from './reader.js';
import { NONE, TOMBSTONE } from './revisions.js';
import {
  DELETED_METADATA,
  isSoftDeleted,
  metadataOfMetaStream,
  parseStreamMetadata,
  undeletedMetadata,
} from './stream-metadata.js';
import { isMetaStream, metaStreamOf, originalOf } from './stream-names.js';
import type { StreamMemory } from './stream-memory.js';
import type { Tail } from './tail.js';
import type { WriterSession } from './writer-session.js';

const LARGEST_BATCH = 16 * 1024 * 1024;

/** To write fewer requests takes the disk as long. */
const WORTH_A_COMMIT = 8;

interface Queued {
  readonly request: AppendRequest;
  readonly done: Done;
}

/**
 * The one writer of the log. What is asked for while a commit is under way is decided meanwhile, in the order it
 * came, and written together in the next one. Of many callers each commit answers half: they come with what they
 * want next while the other half is written, where all of them at once would wait for the disk, and it for them.
 */
export class LogWriter {
  private queue: Queued[] = [];
  private open: PendingBatch;
  private inFlight: PendingBatch | undefined;
  private isCommitting = false;
  private working: Promise<void> | undefined;
  private wake: () => void = () => undefined;
  private readonly memory = new IdMemory();

  constructor(
    private readonly session: WriterSession,
    private readonly positions: Positions,
    private readonly heads: Heads,
    private readonly reader: LogReader,
    private readonly tail: Tail,
    private readonly streams: StreamMemory,
    private readonly onFatal: (error: unknown) => void,
  ) {
    this.open = new PendingBatch(positions);
  }

  append(request: AppendRequest, done: Done): void {
    this.queue.push({ request, done });
    this.wake();
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
  }

  /** Resolves when everything asked for so far is on disk and answered. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  private async work(): Promise<void> {
    // All requests that come with one turn of the event loop share a commit.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.queue.length > 0 || this.isCommitting || !this.open.isEmpty) {
        if (this.queue.length > 0 && !this.isFull) await this.decideQueued();
        if (!this.isCommitting && !this.open.isEmpty) this.startCommits();
        if (this.isCommitting && (this.isFull || this.queue.length === 0)) await this.change();
      }
    } catch (error) {
      this.onFatal(error);
    }
  }

  private get isFull(): boolean {
    return this.open.bytes >= LARGEST_BATCH || this.room <= 0;
  }

  /** How many more requests the next commit takes. */
  private get room(): number {
    const waiting = (this.inFlight?.requests ?? 0) + this.open.requests + this.queue.length;
    return Math.max(WORTH_A_COMMIT, Math.ceil(waiting / 2)) - this.open.requests;
  }

  /** Resolves when a request arrives, or a commit begins or ends. */
  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private startCommits(): void {
    this.isCommitting = true;
    void this.commitOpen()
      .catch(this.onFatal)
      .finally(() => {
        this.isCommitting = false;
        this.wake();
      });
  }

  /** Commits as long as there is something to commit. The disk goes on with it before the last callers are told. */
  private async commitOpen(): Promise<void> {
    try {
      for (let written: PendingBatch | undefined; !this.open.isEmpty; written = this.inFlight) {
        const commit = this.session.commit(this.begin().events);
        if (written) this.tell(written);
        await commit;
      }
    } catch (error) {
      this.discard();
      throw error;
    }
    if (this.inFlight) this.tell(this.inFlight);
    this.inFlight = undefined;
  }

  private begin(): PendingBatch {
    const batch = this.open;
    this.inFlight = batch;
    this.open = new PendingBatch(this.positions);
    this.wake();
    return batch;
  }

  private tell(batch: PendingBatch): void {
    for (const [stream, head] of batch.heads) this.heads.set(stream, head);
    for (const { stream, revision, frame } of batch.events) this.streams.append(stream, revision, frame);
    this.tail.publish(batch.events);
    batch.committed();
  }

  /** Nothing of what is being committed is in the log, nor may be what was decided upon it. */
  private discard(): void {
    for (const lost of [this.inFlight, this.open]) {
      for (const { id, stream } of lost?.events ?? []) this.memory.remove(id, stream);
      lost?.failed();
    }
    this.inFlight = undefined;
    this.open = new PendingBatch(this.positions);
  }

  private async decideQueued(): Promise<void> {
    const queued = this.queue.splice(0, this.room);
    await this.load(queued.flatMap(({ request }) => headsOf(request)));
    for (const { request, done } of queued) {
      const head = this.headOf(request.stream);
      const decision = decide(request, this.withTombstone(request.stream, head), this.memory, this.idsAt);
      await this.act(request, head, decision instanceof Promise ? await decision : decision, done);
    }
  }

  private async load(streams: readonly string[]): Promise<void> {
    const unknown = streams.filter((stream) => this.knownHead(stream) === undefined);
    if (unknown.length > 0) await this.heads.load([...new Set(unknown)]);
  }

  /** A head as it will be once all that is accepted is committed. */
  private knownHead(stream: string): Head | undefined {
    return this.open.heads.get(stream) ?? this.inFlight?.heads.get(stream) ?? this.heads.peek(stream);
  }

  private headOf(stream: string): Head {
    return this.knownHead(stream) ?? EMPTY;
  }

  /** A metadata stream that was never written ends with the tombstone of its stream. */
  private withTombstone(stream: string, head: Head): Head {
    if (!isMetaStream(stream) || head.lastRevision !== NONE) return head;
    const original = this.headOf(originalOf(stream));
    return original.lastRevision === TOMBSTONE ? { ...head, lastRevision: TOMBSTONE } : head;
  }

  private async act(request: AppendRequest, head: Head, decision: Decision, done: Done): Promise<void> {
    switch (decision.kind) {
      case 'accept':
        if (isSoftDeleted(head.metadata)) await this.load([metaStreamOf(request.stream)]);
        if (request.events.length === 0) await this.positions.makeRoom();
        this.write(request, head, done);
        return;
      case 'repeat': {
        const position = await this.positionOf(request, decision.last, head);
        this.answer(done, { kind: 'written', lastRevision: decision.last, position });
        return;
      }
      case 'wrong-revision':
        done({ kind: 'wrong-revision', current: head.lastRevision });
        return;
      case 'stream-deleted':
        done({ kind: 'stream-deleted' });
        return;
      case 'silence':
        return;
    }
  }

  private write({ kind, stream, events }: AppendRequest, head: Head, done: Done): void {
    switch (kind) {
      case 'delete': {
        const position = this.add(metaStreamOf(stream), head.lastMetaRevision + 1n, metadataEvent(DELETED_METADATA));
        this.answer(done, { kind: 'written', lastRevision: head.lastRevision, position });
        return;
      }
      case 'tombstone': {
        const position = this.add(stream, TOMBSTONE, tombstoneEvent());
        this.answer(done, { kind: 'written', lastRevision: TOMBSTONE, position });
        return;
      }
      case 'append': {
        const subject = isMetaStream(stream) ? this.headOf(originalOf(stream)) : undefined;
        let { lastRevision } = head;
        let position: bigint | undefined;
        for (const event of events) position = this.add(stream, ++lastRevision, event);
        position ??= this.open.emptyPosition();
        this.undelete(stream, head);
        if (subject) this.undelete(originalOf(stream), subject, events.at(-1)?.data);
        this.answer(done, { kind: 'written', lastRevision, position });
      }
    }
  }

  /** Writing to a deleted stream brings it back, from its first new event on; writing its metadata does so as well. */
  private undelete(stream: string, { metadata, lastRevision }: Head, document = metadata.document): void {
    if (!isSoftDeleted(metadata) || !document) return;
    const revived = undeletedMetadata(document, lastRevision + 1n);
    if (revived) this.add(metaStreamOf(stream), this.headOf(stream).lastMetaRevision + 1n, metadataEvent(revived));
  }

  private add(stream: string, revision: bigint, proposed: ProposedEvent): bigint {
    const event = this.open.add(stream, revision, proposed);
    this.memory.add(event.id, event);
    this.open.heads.set(stream, { ...this.headOf(stream), lastRevision: revision });
    if (isMetaStream(stream)) this.addMetadata(originalOf(stream), revision, proposed);
    return event.position;
  }

  private addMetadata(stream: string, revision: bigint, { json, data }: ProposedEvent): void {
    const head = this.headOf(stream);
    const written = parseStreamMetadata(json, data);
    const metadata = isMetaStream(stream) ? metadataOfMetaStream(written) : written;
    this.open.heads.set(stream, { ...head, lastMetaRevision: revision, metadata });
  }

  /** An answer waits for the commit of all that was decided before it. */
  private answer(done: Done, outcome: AppendOutcome): void {
    if (this.open.isEmpty && !this.isCommitting) done(outcome);
    else this.open.acknowledge(done, outcome);
  }

  private readonly idsAt = async (stream: string, from: bigint, count: number): Promise<readonly string[]> => {
    const uncommitted = [...(this.inFlight?.events ?? []), ...this.open.events];
    const ids = await this.reader.idsAt(stream, from, count);
    for (const event of uncommitted) {
      if (event.stream === stream && event.revision >= from) ids[Number(event.revision - from)] = event.id;
    }
    return ids;
  };

  private async positionOf(
    { stream, events }: AppendRequest,
    revision: bigint,
    head: Head,
  ): Promise<bigint | undefined> {
    const last = events.at(-1);
    const known = last && this.memory.find(last.id, stream);
    return known?.revision === revision && this.reader.isSurelyVisible(revision, head)
      ? known.position
      : this.reader.positionOf(stream, revision, head);
  }
}

/** The heads a decision about a request looks at, or moves. */
function headsOf({ stream, kind }: AppendRequest): string[] {
  const streams = [stream];
  if (isMetaStream(stream)) streams.push(originalOf(stream));
  if (kind === 'delete') streams.push(metaStreamOf(stream));
  return streams;
}
