import { expect, test } from '@jest/globals';
import { spec } from '../../../../test/spec.js';
import { TakeNumbers } from './numbers.commands.js';
import { blockAt, numbers } from './numbers.decider.js';
import type { NumbersEvent } from './numbers.events.js';

const seriesOfDay = 'L-20261121';
const taken = (first: number, last: number): NumbersEvent => ({
  type: 'NumbersTaken',
  data: { seriesOfDay, first, last },
});
const take = TakeNumbers.of({ seriesOfDay });
const { given } = spec(numbers, {});

test('blocks follow each other, each handed out once', () => {
  given().when(take).then(taken(1, 100));
  given(taken(1, 100), taken(101, 200)).when(take).then(taken(201, 300));
});
test('the revision of an event tells its block', () => expect(blockAt(2n)).toEqual({ first: 201, last: 300 }));
