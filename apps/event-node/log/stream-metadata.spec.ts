import { expect, test } from '@jest/globals';
import { parseStreamMetadata, undeletedMetadata } from './stream-metadata.js';

const parsed = (text: string) => parseStreamMetadata(true, Buffer.from(text));
const undeleted = (text: string) => undeletedMetadata(Buffer.from(text), 7n)?.toString();

test.each([
  `{'$tb':2}`,
  `{$tb:2}`,
  `{"$tb":2,}`,
  `{"\\u0024tb":0x2}`,
  `{"$tb":002}`,
  `{"$tb":2} and more`,
  `\ufeff{"$tb":2}`,
  `\0{\u00a0"$tb"\n:\t2\r\n}`,
  `{"$tb":2,a:NaN,b:-Infinity,c:undefined,d:,e:[,1,],f:.5,g:5.,h:-01,i:'a\nb"\\'',j:{/*x*/k:1//y\n}}`,
  `{"$tb":2,"__proto__":1,"hasOwnProperty":2}`,
  `{"$tb":2,"$acl":{$r:'a',"$w":["b",'c',],"$d":[]}}`,
  `{"$tb":2,"a":${'['.repeat(63)}${']'.repeat(63)}}`,
  `{"$tb":2,"a":${'1'.repeat(380)}}`,
])('%j is metadata', (text) => {
  expect(parsed(text)).toEqual({ truncateBefore: 2n });
});

test.each([
  `/* x */{"$tb":2}`,
  `{"$tb":2/* x */}`,
  `{"$tb"/* x */:2}`,
  `{"$tb":2 "a":1}`,
  `{"$tb":2,,"a":1}`,
  `{,"$tb":2}`,
  `{"$tb":2`,
  `["$tb",2]`,
  `{"$tb":2,"a":}`,
  `{"$tb":2,"a":+1}`,
  `{"$tb":2,"a":08}`,
  `{"$tb":2,"a":1e}`,
  `{"$tb":2,"a":"\\x"}`,
  `{"$tb":2,"a":"\\u00g0"}`,
  `{"$tb":2,"a":"\\U0041"}`,
  `{"$tb":2,"a":"x}`,
  `{"$tb":2,"a":nul}`,
  `{"$tb":2,a-b:1}`,
  `{"$tb":2.0}`,
  `{"$tb":2,"$maxCount":NaN}`,
  `{"$tb":2,"$tmp":undefined}`,
  `{"$tb":2,"$acl":{"$r":undefined}}`,
  `{"$tb":2,"$acl":{"$r":["a",1]}}`,
  `{"$tb":2,"$acl":{"$x":"a"}}`,
  `{"$tb":2,"a":${'['.repeat(64)}${']'.repeat(64)}}`,
  `{"$tb":2,"a":${'1'.repeat(381)}}`,
])('%j is none', (text) => {
  expect(parsed(text)).toEqual({});
});

test.each([
  [`{a:1, '$tb' : 5,}`, `{"a":1,"$tb":7}`],
  [`/*x*/{"a":[1, /*y*/ 2]} //z`, `{"a":[1,2],"$tb":7}`],
  [`{"a":1,"b":2,"a":{"c":3,"d":4,"c":5}}`, `{"a":{"c":5,"d":4},"b":2,"$tb":7}`],
  [
    `{"a":[1.50,1e5,-0,1e15,1e-5,0.0001,.5,5.,1e400,-1e400,123456789012345678.0]}`,
    `{"a":[1.5,100000.0,0,1E+15,1E-05,0.0001,0.5,5.0,"Infinity","-Infinity",1.2345678901234568E+17],"$tb":7}`,
  ],
  [`{"a":[12345678901234567890,0xFF,017,-01,0xffffffffffffffff]}`, `{"a":[12345678901234567890,255,15,-1,-1],"$tb":7}`],
  [
    `{"a":[NaN,Infinity,-Infinity,undefined,,null,true]}`,
    `{"a":["NaN","Infinity","-Infinity",undefined,undefined,null,true],"$tb":7}`,
  ],
  [String.raw`{'it\'s':'a"\/\u0041\u00e9\u2028\ud800'}`, String.raw`{"it's":"a\"/Aé\u2028` + '\ufffd","$tb":7}'],
  [
    `{"a":"2024-05-01T10:20:30.000Z","b":"2024-05-01T10:20:30.120Z","c":"2024-05-01T10:20:30.100","d":"2024-05-01"}`,
    `{"a":"2024-05-01T10:20:30Z","b":"2024-05-01T10:20:30.12Z","c":"2024-05-01T10:20:30.1","d":"2024-05-01","$tb":7}`,
  ],
])('%j is written again as %j', (text, written) => {
  expect(undeleted(text)).toBe(written);
});

test.each([`{"a":1} and more`, `\ufeff{"a":1}`, `1`, ``])('%j is not written again', (text) => {
  expect(undeleted(text)).toBeUndefined();
});
