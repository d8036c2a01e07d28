import type { Envelope, Event, EventSchema, EventSchemas, RecordedEvent, Shape } from '#kernel';
import { problemOf, shapeOf, upcast } from '#kernel';
import { addEnvelopeSubjects, envelopeShape, sealEnvelope, unsealMetadata, withEnvelope } from './envelope-codec.js';
import type { NewEvent, StoredEvent } from './event-store.js';
import { MalformedEvent, NewerEvent } from './failures.js';
import {
  addSubjects,
  CannotUnseal,
  isRecord,
  sealedSubjects,
  sealFields,
  unsealFields,
} from './privacy/sealed-fields.js';
import type { Keys, SubjectKeys } from './privacy/subject-keys.js';

/** An event on its way into the store. */
export interface Outgoing {
  readonly eventId: string;
  readonly event: Event;
  readonly envelope: Envelope;
}

/** An event whose data or envelope cannot be made out; its place is known. */
export interface UnreadableEvent extends Pick<
  RecordedEvent,
  'eventId' | 'type' | 'stream' | 'revision' | 'position' | 'erases'
> {
  readonly error: Error;
}

/** What stands in a stream. */
export type Entry = { readonly event: RecordedEvent } | { readonly unreadable: UnreadableEvent };

/** Between the events of the domain and what is stored: tenant prefix, schema check, versions, sealing. */
export class Codec {
  readonly #unknown = new Map<string, number>();

  constructor(
    private readonly schemas: EventSchemas,
    private readonly keys: SubjectKeys,
    /** Prefix of every stream: the tenant, which stands in no event. */
    readonly prefix: string,
    /** Told of the first event of each type that nobody knows. */
    private readonly onUnknown: (type: string) => void = () => undefined,
  ) {}

  /** How many events of each unknown type were passed by. */
  unknownTypes(): ReadonlyMap<string, number> {
    return this.#unknown;
  }

  /** The types of events that tell of the end of keys. */
  get erasingTypes(): readonly string[] {
    return Object.keys(this.schemas).filter((type) => this.schemas[type]?.erases !== undefined);
  }

  /**
   * The events as they are stored, at once where the keys are at hand.
   * @throws MalformedEvent when an event is not what its schema says; nothing is stored then
   */
  encode(stream: string, outgoing: readonly Outgoing[]): readonly NewEvent[] | Promise<readonly NewEvent[]> {
    const about = new Set<string>();
    for (const { event, envelope } of outgoing) {
      const { shape } = this.schemaOf(event.type);
      check(stream, -1n, event.type, shape, event.data);
      addSubjects(shape, event.data, about);
      addEnvelopeSubjects(envelope, stream, about);
    }
    const subjects = [...about];
    const keys = this.keys.ensure(subjects);
    return keys instanceof Promise
      ? keys.then((made) => this.seal(stream, outgoing, subjects, made))
      : this.seal(stream, outgoing, subjects, keys);
  }

  private seal(
    stream: string,
    outgoing: readonly Outgoing[],
    subjects: readonly string[],
    keys: Keys,
  ): readonly NewEvent[] {
    return outgoing.map(({ eventId, event: { type, data }, envelope }) => ({
      id: eventId,
      type,
      data: sealFields(this.schemaOf(type).shape, data, keys, eventId),
      metadata: sealEnvelope(envelope, stream, { subjects, keys, eventId }),
    }));
  }

  /** Events as the domain knows them; those of types that nobody knows are left out. @throws MalformedEvent */
  async decode(stored: readonly StoredEvent[]): Promise<RecordedEvent[]> {
    const entries = await this.entries(stored);
    return entries.flatMap((entry) => {
      if (entry === undefined) return [];
      if ('unreadable' in entry) throw entry.unreadable.error;
      return [entry.event];
    });
  }

  /**
   * For each stored event what it says, or why that cannot be made out; undefined for a type that nobody knows. If types
   * are named, the others are read as if everybody in them were erased.
   */
  async entries(stored: readonly StoredEvent[], unsealed?: ReadonlySet<string>): Promise<(Entry | undefined)[]> {
    const isUnsealed = (type: string) => unsealed?.has(type) ?? true;
    const subjects = new Set<string>();
    for (const event of stored) {
      if (!this.knows(event.type)) continue;
      if (isUnsealed(event.type)) {
        sealedSubjects(event.data, subjects);
        sealedSubjects(event.metadata, subjects);
      }
      // What comes behind it in the log may be about the same person, and their key be remembered here.
      const erases = this.endOfKeys(event);
      if (erases !== undefined) this.keys.forgetKeys(erases);
    }
    const keys = subjects.size === 0 ? NO_KEYS : await this.keys.find([...subjects]);
    return stored.map((event) => {
      if (!this.knows(event.type)) return this.passBy(event);
      return this.entry(event, isUnsealed(event.type) ? keys : NO_KEYS);
    });
  }

  private knows = (type: string): boolean => Object.hasOwn(this.schemas, type);

  /** Told whatever else of the event can be made out: an erasure is never passed by. */
  private endOfKeys({ type, data }: StoredEvent): readonly string[] | undefined {
    const field = this.schemas[type]?.erases;
    const subjects = field === undefined ? undefined : fieldsOf(data)[field];
    return Array.isArray(subjects) ? subjects.map(String) : undefined;
  }

  private passBy({ type }: StoredEvent): undefined {
    const seen = this.#unknown.get(type) ?? 0;
    this.#unknown.set(type, seen + 1);
    if (seen === 0) this.onUnknown(type);
  }

  private entry(stored: StoredEvent, keys: ReadonlyMap<string, Buffer>): Entry {
    try {
      return { event: this.decodeOne(stored, keys) };
    } catch (cause) {
      const { id: eventId, type, revision, position } = stored;
      const stream = stored.stream.slice(this.prefix.length);
      const error = asMalformed(cause, stream, revision, type);
      const erases = this.endOfKeys(stored);
      return { unreadable: { eventId, type, stream, revision, position, error, ...(erases && { erases }) } };
    }
  }

  private decodeOne(stored: StoredEvent, keys: ReadonlyMap<string, Buffer>): RecordedEvent {
    const { id: eventId, type, revision, position } = stored;
    const stream = stored.stream.slice(this.prefix.length);
    const metadata = fieldsOf(unsealMetadata(stored.metadata, keys, eventId));
    check(stream, revision, type, envelopeShape, metadata);
    const data = this.presentData(stream, stored, Number(metadata['schemaVersion']), keys);
    const streamId = stream.slice(stream.indexOf('-') + 1);
    return withEnvelope(
      metadata,
      { eventId, type, data, stream, streamId, revision, position },
      this.endOfKeys(stored),
    );
  }

  /** The data, checked against the version it was written in, in the words of the present one. */
  private presentData(stream: string, stored: StoredEvent, version: number, keys: ReadonlyMap<string, Buffer>): object {
    const { type, revision } = stored;
    const schema = this.schemaOf(type);
    if (version > schema.version) throw new NewerEvent(stream, revision, type, version, schema.version);
    const shape = shapeOf(schema, version);
    if (shape === undefined) throw new MalformedEvent(stream, revision, type, 'schemaVersion', 'a known version');
    const written = unsealFields(shape, fieldsOf(stored.data), keys, stored.id);
    check(stream, revision, type, shape, written);
    if (version === schema.version) return written;
    const data = upcast(schema, version, written);
    check(stream, revision, type, schema.shape, data);
    return data;
  }

  private schemaOf(type: string): EventSchema {
    const schema = this.schemas[type];
    if (schema === undefined) throw new Error(`no event is called ${type}`);
    return schema;
  }
}

/** Whatever was wrong, the error names the place, and quotes nothing of what stands there. */
function asMalformed(cause: unknown, stream: string, revision: bigint, type: string): Error {
  if (cause instanceof MalformedEvent || cause instanceof NewerEvent) return cause;
  if (cause instanceof CannotUnseal)
    return new MalformedEvent(stream, revision, type, cause.field, 'sealed under the key of its subject');
  return new MalformedEvent(stream, revision, type, 'data', 'what its version can be told from');
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : NOTHING);
const NOTHING = {};
const NO_KEYS: ReadonlyMap<string, Buffer> = new Map();

function check(stream: string, revision: bigint, type: string, shape: Shape, value: unknown): void {
  const problem = problemOf(shape, value);
  if (problem) throw new MalformedEvent(stream, revision, type, problem.path, problem.expected);
}
