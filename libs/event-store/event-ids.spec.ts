import { expect, test } from '@jest/globals';
import { v5 } from 'uuid';
import { fc } from '../../test/draws.js';
import { eventIdOf } from './event-ids.js';

const NAMESPACE = 'b9a5c6f0-6f0c-5d6e-9a30-1d7c5b1f7e02';

test('an event’s id is the UUID, version 5, of what it comes from', () =>
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.nat(), (command, stream, decidedAt, index) => {
      expect(eventIdOf(command, stream, decidedAt, index)).toBe(
        v5(`${command}/${stream}/${decidedAt}/${index}`, NAMESPACE),
      );
    }),
  ));
