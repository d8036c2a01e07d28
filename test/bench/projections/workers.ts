import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Done, works } from './works.js';

type Works = typeof works;
type Reply = Done & { readonly peakMegabytes: number };

/** A process that does one kind of work. */
export class Worker<Name extends keyof Works> {
  readonly #process: ChildProcess;

  constructor(
    readonly name: Name,
    flags: readonly string[] = [],
  ) {
    // So that positions may travel: they are bigints.
    this.#process = fork(new URL('worker.ts', import.meta.url), [name], {
      serialization: 'advanced',
      execArgv: [...process.execArgv, ...flags],
    });
  }

  async do(work: Parameters<Works[Name]>[0]): Promise<Reply> {
    const reply = new Promise<Reply>((resolve, reject) => {
      const ended = () => {
        reject(new Error(`the worker of ${this.name} has ended`));
      };
      this.#process.once('exit', ended).once('message', (message: Reply) => {
        this.#process.off('exit', ended);
        resolve(message);
      });
    });
    this.#process.send(work);
    return reply;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}
