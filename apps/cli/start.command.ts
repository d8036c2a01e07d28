import { type Command } from 'commander';

/** `taizhang start`: the same as `npm start`. */
export function registerStart(taizhang: Command): void {
  taizhang
    .command('start')
    .description(
      'start the server, with its own event node and Postgres unless EVENTSTORE_URL and DATABASE_URL are set',
    )
    .action(async () => {
      const { runServer } = await import('../server/run.js');
      await runServer();
    });
}
