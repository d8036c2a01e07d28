import { expect, test } from '@jest/globals';
import { regexOfDotNet } from './dotnet-regex.js';

test.each([
  ['(?i:lead)-1', 'LEAD-1', 'lead-2'],
  ['(?i:l)ead', 'Lead', 'LEAD'],
  ['a(?i)b|c', 'C', 'AB'],
  ['(a(?i)b)c', 'aBc', 'aBC'],
  ['(?i)a(?-i)b', 'Ab', 'AB'],
  ['(?i)[a-c]x', 'BX', 'DX'],
  ['(?i)^[^a]$', 'b', 'A'],
  ['(?i)É', 'é', 'e'],
  ['(?I)é', 'É', 'E'],
  ['(?m)^b$', 'a\nb\nc', 'a\rb\rc'],
  ['^b', 'b', 'a\nb'],
  ['b$', 'b\n', 'b\nc'],
  ['a.b', 'a\rb', 'a\nb'],
  ['(?s)a.b', 'a\nb', 'ab'],
  ['(?s:a.b).', 'a\nbc', 'a\nb\n'],
  ['(?x) a b # both', 'ab', 'a b'],
  ['(?i)[a-z]', 'K', '1'],
  ['(?i)[b-d]', 'C', 'E'],
  ['(?<名>a|b)\\k<名>', 'bb', 'ab'],
  ['(?<atomic1>a)(?>b)', 'ab', 'ba'],
  ['(?x:a b)c d', 'abc d', 'abcd'],
  [String.raw`(?n)(a)|b`, 'a', 'c'],
  [String.raw`(?'kind'a|b)-\k'kind'`, 'b-b', 'a-b'],
  [String.raw`(?<kind>a|b)-\k<kind>`, 'a-a', 'a-b'],
  [String.raw`(a|b)\1`, 'bb', 'ab'],
  ['^(?>a+)b', 'aab', 'aa'],
  ['^(?>a|ab)c$', 'ac', 'abc'],
  ['^(?>ab?)+c$', 'aabc', 'bc'],
  ['^(?>a(?>b|bc))d$', 'abd', 'abcd'],
  [String.raw`\Ga`, 'ab', 'ba'],
  ['^[a-z-[aeiou]]+$', 'xyz', 'xaz'],
  ['^[^a-z-[0-9]]$', '-', '5'],
  ['^[a-z-[d-w-[m]]]+$', 'amz', 'e'],
  ['^[a-]$', '-', 'b'],
  ['^[]a]$', ']', 'b'],
  ['^[^]a]$', 'b', ']'],
  [String.raw`^[\W\d]+$`, '-1', 'a'],
  [String.raw`^\s$`, '\x85', '\ufeff'],
  [String.raw`^\x41\u0042\x43\e\a\0\cA$`, 'ABC\x1b\x07\0\x01', 'ABC'],
  [String.raw`^[\x41-\u0043\60]+$`, 'AC0', 'D'],
  ['^a{,2}]}$', 'a{,2}]}', 'aa'],
  ['^a{2}$', 'aa', 'a{2}'],
])('%j: %j, not %j', (pattern, yes, no) => {
  const regex = regexOfDotNet(pattern);
  expect([regex.test(yes), regex.test(no)]).toEqual([true, false]);
});

test.each([
  '(a',
  'a)',
  '[a',
  '[a-[b]c]',
  String.raw`[a-\d]`,
  String.raw`\_`,
  String.raw`\x4`,
  String.raw`\p{Script=Greek}`,
  String.raw`\2(a)`,
  String.raw`\k<a>(b)`,
  '(?z)',
  '\\',
  'a[\\',
  'a**',
])('%j is none', (pattern) => {
  expect(() => regexOfDotNet(pattern)).toThrow('Exception was thrown by handler.');
});

test.each([
  ['(?(a)b|c)', '(?('],
  ['(?<a-b>c)', '(?<a-b>'],
  ['(?<1>c)', '(?<1>'],
  ['(?<a>b)|(?<a>c)', '(?<a>'],
  ['(?<=(?>a))b', '(?>'],
  [String.raw`(?i)(a)\1`, String.raw`\1`],
  [String.raw`(?<x>a)(b)\1`, String.raw`\1`],
  [String.raw`\p{IsGreek}`, String.raw`\p{IsGreek}`],
])('%j is one, but not here', (pattern, part) => {
  expect(() => regexOfDotNet(pattern)).toThrow(`This node does not know '${part}' in regular expressions.`);
});

test('a pattern that would take the node too long is refused, however short each of its parts', () => {
  const most = String.raw`(?i)[\0-\uffff]`.repeat(260);
  expect(regexOfDotNet(most).source.length).toBeLessThan(20 * most.length);
  expect(() => regexOfDotNet('a'.repeat(4_001))).toThrow('up to 4000 characters');
});
