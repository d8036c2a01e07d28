import { type ChildProcess, fork } from 'node:child_process';
import type { Result, Task } from './lane.js';

/** A player ended without a word of its own. */
class Killed extends Error {}

/** Plays topics in a process of its own: the official client shares state between its instances. */
export class Player {
  #process: ChildProcess = newProcess();

  /**
   * The second client is partly native code, and a small machine may run out of memory. Whoever dies of that says
   * nothing of a server, so that another plays the topic from its start; it must come to its end.
   */
  async play(task: Task): Promise<Result[]> {
    try {
      return await played(this.#process, task);
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      console.error(`${error.message}; another one plays it`);
      this.#process = newProcess();
      return played(this.#process, task);
    }
  }

  end(): void {
    this.#process.kill();
  }
}

const newProcess = (): ChildProcess => fork(new URL('lane.ts', import.meta.url), { stdio: 'inherit' });

function played(player: ChildProcess, task: Task): Promise<Result[]> {
  const topic = `${task.kind}/${task.topic}`;
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null): void => {
      const what = `the player of ${topic} ended with ${signal ?? String(code)}`;
      reject(signal === null ? new Error(what) : new Killed(what));
    };
    player.once('exit', ended);
    player.once('message', (results: Result[]) => {
      player.off('exit', ended);
      resolve(results);
    });
    player.send(task, (error) => {
      if (error) reject(new Killed(`the player ended before ${topic}`));
    });
  });
}
