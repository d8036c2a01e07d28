import { LogDatabase } from './database.js';
import { Heads } from './heads.js';
import { horizonOf, setHorizon } from './horizon.js';
import { Positions, RESTART_GAP, metadataEvent } from './pending-batch.js';
import { LogReader } from './reader.js';
import { recollect } from './recollection.js';
import { NO_STREAM } from './revisions.js';
import { StreamMemory } from './stream-memory.js';
import { Tail } from './tail.js';
import { LogWriter } from './writer.js';
import { WriterSession } from './writer-session.js';

/** Where a new log begins. */
const FIRST_POSITION = 548n;

const READERS = 6;

/** What a new database of the real server holds of its own accord: the settings of its scavenge log. */
const FIRST_STREAM = '$$$scavenges';
const FIRST_METADATA = '{"$maxAge":2592000,"$acl":{"$r":"$ops","$w":[],"$d":[],"$mr":[],"$mw":[]}}';

/** The log in Postgres: one writer, any number of readers, and in memory what was written or read last. */
export class EventLog {
  private constructor(
    readonly writer: LogWriter,
    readonly reader: LogReader,
    readonly heads: Heads,
    readonly tail: Tail,
    readonly streams: StreamMemory,
    /** Ends when the memory is as it was before the start. What could not be brought back is read when asked for. */
    readonly recollected: Promise<void>,
    private readonly positions: Positions,
    private readonly session: WriterSession,
    private readonly database: LogDatabase,
  ) {}

  /** Opens the log of a database; `onFatal` is told when it can no longer be written. */
  static async open(databaseUrl: string, onFatal: (error: unknown) => void): Promise<EventLog> {
    const session = await WriterSession.open(databaseUrl);
    const database = new LogDatabase(databaseUrl, READERS);
    try {
      return await EventLog.over(session, database, onFatal);
    } catch (error) {
      await Promise.allSettled([database.close(), session.close()]);
      throw error;
    }
  }

  private static async over(
    session: WriterSession,
    database: LogDatabase,
    onFatal: (error: unknown) => void,
  ): Promise<EventLog> {
    const last = session.position;
    const first = last === undefined ? FIRST_POSITION : session.endOfLog + RESTART_GAP;
    const positions = new Positions(max(first, await horizonOf(database)), (below) => setHorizon(database, below));
    const heads = new Heads(database);
    const reader = new LogReader(database);
    const tail = new Tail(last ?? 0n);
    const streams = new StreamMemory();
    const writer = new LogWriter(session, positions, heads, reader, tail, streams, onFatal);
    const recollected =
      last === undefined ? Promise.resolve() : recollect({ reader, heads, streams, tail }).catch(() => undefined);
    const log = new EventLog(writer, reader, heads, tail, streams, recollected, positions, session, database);
    if (last === undefined) await log.begin();
    return log;
  }

  /** Where the next record will begin. */
  get end(): bigint {
    return this.positions.end;
  }

  /** Ends when everything asked for is on disk. */
  async close(): Promise<void> {
    await this.writer.idle();
    await this.database.close();
    await this.session.close();
  }

  private begin(): Promise<void> {
    const events = [metadataEvent(Buffer.from(FIRST_METADATA))];
    return new Promise((resolve) => {
      this.writer.append({ kind: 'append', stream: FIRST_STREAM, expected: NO_STREAM, events }, () => {
        resolve();
      });
    });
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
