/** An event as a client proposes it. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly json: boolean;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

export interface AppendRequest {
  readonly kind: 'append' | 'delete' | 'tombstone';
  readonly stream: string;
  /** A revision, or one of ANY, NO_STREAM, STREAM_EXISTS. */
  readonly expected: bigint;
  readonly events: readonly ProposedEvent[];
}

/** What became of a request, told when it is on disk or refused. */
export type AppendOutcome =
  | { readonly kind: 'written'; readonly lastRevision: bigint; readonly position: bigint | undefined }
  | { readonly kind: 'wrong-revision'; readonly current: bigint }
  | { readonly kind: 'stream-deleted' }
  | { readonly kind: 'failed' };

export type Done = (outcome: AppendOutcome) => void;
