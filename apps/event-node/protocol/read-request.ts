import { MessageReader, tagOf } from '#protobuf';
import { handlerFailed } from '../grpc/status.js';
import { readStreamName } from './proposed-event.js';

/** Where a read of a stream or of the log begins. */
export type ReadFrom<At> = { readonly kind: 'start' } | { readonly kind: 'end' } | ({ readonly kind: 'at' } & At);

export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** What is read; `Nowhere` stands for a request that does not say from where. */
export type ReadTarget<Nowhere = never> =
  | {
      readonly kind: 'stream';
      readonly stream: string;
      readonly from: ReadFrom<{ readonly revision: bigint }> | Nowhere;
    }
  | { readonly kind: 'all'; readonly from: ReadFrom<LogPosition> | Nowhere };

export interface FilterOptions {
  readonly on: 'stream' | 'type' | undefined;
  readonly regex: string;
  readonly prefixes: readonly string[];
  /** `count` stands for the server's own window. */
  readonly window: number | 'count' | undefined;
  readonly checkpointMultiplier: number;
}

export interface ReadOptions {
  readonly target: ReadTarget<undefined> | undefined;
  readonly direction: number;
  readonly resolveLinks: boolean;
  readonly amount: bigint | 'subscription' | undefined;
  readonly filter: FilterOptions | 'none' | undefined;
  readonly ids: 'text' | 'structured' | undefined;
  readonly compatibility: number;
}

export function readReadRequest(body: Buffer): ReadOptions {
  const reader = new MessageReader(body);
  let options: ReadOptions | undefined;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) options = readOptions(reader.message());
    else reader.skip(tag);
  }
  if (!options) throw handlerFailed();
  return options;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function readOptions(reader: MessageReader): ReadOptions {
  const options: Writable<ReadOptions> = {
    target: undefined,
    direction: 0,
    resolveLinks: false,
    amount: undefined,
    filter: undefined,
    ids: undefined,
    compatibility: 0,
  };
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) options.target = readStreamTarget(reader.message());
    else if (tag === tagOf(2, 2)) options.target = readAllTarget(reader.message());
    else if (tag === tagOf(3, 0)) options.direction = reader.number();
    else if (tag === tagOf(4, 0)) options.resolveLinks = reader.bool();
    else if (tag === tagOf(5, 0)) options.amount = reader.uint64();
    else if (tag === tagOf(7, 2)) options.filter = readFilter(reader.message());
    else if (tag === tagOf(9, 2)) options.ids = hasField(reader.message(), 2) ? 'text' : 'structured';
    else if (tag === tagOf(10, 2)) options.compatibility = readNumber(reader.message(), 1);
    else {
      if (tag === tagOf(6, 2)) options.amount = 'subscription';
      else if (tag === tagOf(8, 2)) options.filter = 'none';
      reader.skip(tag);
    }
  }
  return options;
}

function readStreamTarget(reader: MessageReader): ReadTarget<undefined> {
  let stream = '';
  let from: ReadFrom<{ revision: bigint }> | undefined;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) stream = readStreamName(reader.message());
    else if (tag === tagOf(2, 0)) from = { kind: 'at', revision: reader.uint64() };
    else {
      if (tag === tagOf(3, 2)) from = { kind: 'start' };
      else if (tag === tagOf(4, 2)) from = { kind: 'end' };
      reader.skip(tag);
    }
  }
  if (stream === '') throw handlerFailed();
  return { kind: 'stream', stream, from };
}

function readAllTarget(reader: MessageReader): ReadTarget<undefined> {
  let from: ReadFrom<LogPosition> | undefined;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) from = { kind: 'at', ...readPosition(reader.message()) };
    else {
      if (tag === tagOf(2, 2)) from = { kind: 'start' };
      else if (tag === tagOf(3, 2)) from = { kind: 'end' };
      reader.skip(tag);
    }
  }
  return { kind: 'all', from };
}

function readPosition(reader: MessageReader): LogPosition {
  let commit = 0n;
  let prepare = 0n;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 0)) commit = reader.uint64();
    else if (tag === tagOf(2, 0)) prepare = reader.uint64();
    else reader.skip(tag);
  }
  return { commit, prepare };
}

function readFilter(reader: MessageReader): FilterOptions {
  let on: FilterOptions['on'];
  let expression = { regex: '', prefixes: [] as readonly string[] };
  let window: FilterOptions['window'];
  let checkpointMultiplier = 0;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2) || tag === tagOf(2, 2)) {
      on = tag === tagOf(1, 2) ? 'stream' : 'type';
      expression = readExpression(reader.message());
    } else if (tag === tagOf(3, 0)) window = reader.number();
    else if (tag === tagOf(5, 0)) checkpointMultiplier = reader.number();
    else {
      if (tag === tagOf(4, 2)) window = 'count';
      reader.skip(tag);
    }
  }
  return { on, ...expression, window, checkpointMultiplier };
}

function readExpression(reader: MessageReader): { regex: string; prefixes: readonly string[] } {
  let regex = '';
  const prefixes: string[] = [];
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(1, 2)) regex = reader.text();
    else if (tag === tagOf(2, 2)) prefixes.push(reader.text());
    else reader.skip(tag);
  }
  return { regex, prefixes };
}

function hasField(reader: MessageReader, field: number): boolean {
  let found = false;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag >> 3 === field) found = true;
    reader.skip(tag);
  }
  return found;
}

function readNumber(reader: MessageReader, field: number): number {
  let value = 0;
  for (let tag = reader.tag(); tag; tag = reader.tag()) {
    if (tag === tagOf(field, 0)) value = reader.number();
    else reader.skip(tag);
  }
  return value;
}
