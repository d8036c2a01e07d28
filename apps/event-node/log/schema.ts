import type { ClientBase } from 'pg';

/**
 * The log. Positions only grow and behave like byte offsets. `frame` holds the event as readers are sent it.
 * `stream` is a key (see `columnText`): a name too long for an index is kept by its digest, whole in the frame.
 */
const SCHEMA = `
  create schema if not exists event_log;
  create table if not exists event_log.events (
    position bigint primary key,
    stream text collate "C" not null,
    revision bigint not null,
    event_id uuid not null,
    type text collate "C" not null,
    frame bytea not null
  );
  create unique index if not exists events_stream_revision on event_log.events (stream, revision);
  alter table event_log.events alter column frame set storage external;
  create table if not exists event_log.horizon (only_row boolean primary key default true check (only_row), position bigint not null);
  comment on table event_log.horizon is 'Appends of no events leave no row: positions below this one may have been given to them.';
  comment on table event_log.events is 'The event log of the event node. Rows are only ever added.';
  comment on column event_log.events.frame is 'The event as a complete gRPC message of a read reply.';
`;

export async function createSchema(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('event_log.horizon') is not null as there`,
  );
  if (rows[0]?.there !== true) await client.query(SCHEMA);
}
