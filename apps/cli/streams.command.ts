import type { Command } from 'commander';
import type { Entry } from '#read-store';

/** `taizhang streams read`: the events of one stream as they are stored, decoded and unsealed. */
export function registerStreams(taizhang: Command): void {
  taizhang
    .command('streams')
    .description('the events behind the read models')
    .command('read')
    .description('every event of a stream, oldest first')
    .argument('<stream>', 'such as customer-<id>')
    .option('--from <revision>', 'the first revision to read', '0')
    .option('--json', 'one JSON object a line, with everything in it')
    .action(async (stream: string, { from, json = false }: { from: string; json?: boolean }) => {
      const [{ withReadSide }, { CannotStart }] = await Promise.all([import('./read-side.js'), import('#embedded')]);
      if (!/^\d+$/.test(from)) throw new CannotStart(`--from: expected a revision, such as 3, not ${from}`);
      let events = 0;
      await withReadSide(async (readSide) => {
        for await (const entry of readSide.events.readStream(stream, BigInt(from))) {
          console.log(json ? asJson(entry) : asText(entry));
          events += 1;
        }
      });
      if (events === 0) throw new CannotStart(`there is no event in the stream ${stream} from revision ${from} on`);
    });
}

const asJson = (entry: Entry) =>
  JSON.stringify(entry, (_key, value: unknown) => {
    if (value instanceof Error) return value.message;
    return typeof value === 'bigint' ? value.toString() : value;
  });

function asText(entry: Entry): string {
  if (!('event' in entry)) {
    const { revision, type, error } = entry.unreadable;
    return `${revision}  ${type}  cannot be read: ${error.message}`;
  }
  const { revision, recordedAt, type, actor, data } = entry.event;
  const who = actor.displayName ?? actor.id;
  return `${revision}  ${recordedAt}  ${type}  by ${who}\n    ${JSON.stringify(data)}`;
}
