import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { MessageParser } from './message-parser.js';

function frame(flag: number, content: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header[0] = flag;
  header.writeUInt32BE(content.length, 1);
  return Buffer.concat([header, content]);
}

const taken = (bytes: Buffer, encoding?: string): string[] => {
  const messages: string[] = [];
  new MessageParser(encoding).push(bytes, (message) => messages.push(message.toString()));
  return messages;
};

test('a compressed message is read as the call says it is compressed', () => {
  expect(taken(Buffer.concat([frame(0, Buffer.from('plain')), frame(1, gzipSync('packed'))]), 'gzip')).toEqual([
    'plain',
    'packed',
  ]);
});

test.each([
  [undefined, 'Request did not include grpc-encoding value with compressed message.'],
  ['identity', "Request sent 'identity' grpc-encoding value with compressed message."],
  ['br', "Unsupported grpc-encoding value 'br'. Supported encodings: gzip, deflate"],
  ['constructor', "Unsupported grpc-encoding value 'constructor'."],
])('compressed, with the encoding %s, it is refused', (encoding, why) => {
  expect(() => taken(frame(1, gzipSync('packed')), encoding)).toThrow(why);
});

test('a flag that is none is refused', () => {
  expect(() => taken(frame(2, Buffer.from('x')))).toThrow('neither 0 nor 1');
});
