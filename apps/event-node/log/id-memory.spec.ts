import { describe, expect, test } from '@jest/globals';
import { IdMemory } from './id-memory.js';

describe('the memory of ids', () => {
  test('knows where an id was written first', () => {
    const memory = new IdMemory();
    memory.add('id', { stream: 'a', revision: 1n, position: 10n });
    memory.add('id', { stream: 'b', revision: 2n, position: 20n });
    expect(memory.find('id', 'a')).toEqual({ stream: 'a', revision: 1n, position: 10n });
    expect(memory.find('id', 'b')).toBeUndefined();
  });

  test('forgets the ids that came first, however often they were looked for', () => {
    const memory = new IdMemory();
    for (let number = 0; number <= 100_000; number++) {
      memory.add(`id-${number}`, { stream: 'a', revision: BigInt(number), position: BigInt(number) });
      memory.find('id-0', 'a');
    }
    expect(memory.find('id-0', 'a')).toBeUndefined();
    expect(memory.find('id-1', 'a')).toBeDefined();
    expect(memory.find('id-100000', 'a')).toBeDefined();
  });

  test('an id whose event is not written after all is forgotten', () => {
    const memory = new IdMemory();
    memory.add('id', { stream: 'a', revision: 1n, position: 10n });
    memory.remove('id', 'b');
    expect(memory.find('id', 'a')).toBeDefined();
    memory.remove('id', 'a');
    expect(memory.find('id', 'a')).toBeUndefined();
  });
});
