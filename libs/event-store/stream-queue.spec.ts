import { expect, test } from '@jest/globals';
import { StreamQueue } from './stream-queue.js';

/** Writers who note when it is their turn and leave when they are told to. */
function writersOf(queue: StreamQueue) {
  const turns: string[] = [];
  const write = async (stream: string, name: string, work: () => Promise<void> = () => Promise.resolve()) => {
    await queue.enter(stream);
    try {
      turns.push(name);
      await work();
    } finally {
      queue.leave(stream);
    }
  };
  return { turns, write };
}

test('whom nobody is before need not wait', () => {
  expect(new StreamQueue().enter('lead-1')).toBeUndefined();
});

test('the writers of one stream go in the order in which they came, one at a time', async () => {
  const { turns, write } = writersOf(new StreamQueue());
  let inside = 0;
  const alone = async () => {
    expect(++inside).toBe(1);
    await Promise.resolve();
    inside--;
  };
  await Promise.all(['first', 'second', 'third', 'fourth'].map((name) => write('lead-1', name, alone)));
  expect(turns).toEqual(['first', 'second', 'third', 'fourth']);
});

test('who comes while another leaves waits behind those who were there', async () => {
  const queue = new StreamQueue();
  const turns: string[] = [];
  void queue.enter('lead-1');
  const second = queue.enter('lead-1')?.then(() => turns.push('second'));
  queue.leave('lead-1');
  const third = queue.enter('lead-1')?.then(() => turns.push('third'));
  await second;
  expect(turns).toEqual(['second']);
  queue.leave('lead-1');
  await third;
  expect(turns).toEqual(['second', 'third']);
});

test('writers of different streams do not wait for each other', () => {
  const queue = new StreamQueue();
  void queue.enter('lead-1');
  expect(queue.enter('lead-2')).toBeUndefined();
});

test('a writer that fails lets the next one go', async () => {
  const { turns, write } = writersOf(new StreamQueue());
  const failing = write('lead-1', 'failing', () => Promise.reject(new Error('the store is gone')));
  const next = write('lead-1', 'next');
  await expect(failing).rejects.toThrow('the store is gone');
  await next;
  expect(turns).toEqual(['failing', 'next']);
});

test('who gave up while waiting passes the turn on when it comes', async () => {
  const queue = new StreamQueue();
  void queue.enter('lead-1');
  const gaveUp = queue.enter('lead-1')?.then(() => {
    queue.leave('lead-1');
  });
  const last = queue.enter('lead-1');
  queue.leave('lead-1');
  await gaveUp;
  await expect(last).resolves.toBeUndefined();
});

test('a stream is forgotten when the last has left: the next need not wait, and nothing is held for it', async () => {
  const queue = new StreamQueue();
  const { write } = writersOf(queue);
  await Promise.all(Array.from({ length: 300 }, (_, n) => write(`lead-${n % 100}`, `writer ${n}`)));
  expect(queue.streams).toBe(0);
  expect(queue.enter('lead-1')).toBeUndefined();
});
