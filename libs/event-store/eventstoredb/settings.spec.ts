import { describe, expect, test } from '@jest/globals';
import type { StoreProblem } from '../failures.js';
import { EventStoreMisconfigured } from '../failures.js';
import { readConnectionString } from './settings.js';

test.each([
  ['esdb://localhost', [{ name: 'localhost', port: 2113 }]],
  ['esdb://localhost:2114/?tls=false', [{ name: 'localhost', port: 2114 }]],
  [
    'esdb://crm:p%40ss@a,b:2114?tls=true',
    [
      { name: 'a', port: 2113 },
      { name: 'b', port: 2114 },
    ],
  ],
  ['esdb://crm:1?p/ss@a:2114?tls=true', [{ name: 'a', port: 2114 }]],
  ['esdb+discover://cluster.example:2113', [{ name: 'cluster.example', port: 2113 }]],
])('%s names its hosts', (text, hosts) => {
  expect(readConnectionString(text).hosts).toEqual(hosts);
});

test('what concerns TLS is known, under any spelling of the option', () => {
  expect(readConnectionString('esdb://a')).toMatchObject({ tls: true, tlsCAFile: undefined });
  expect(readConnectionString('esdb://a?TLS=false&tls-ca-file=.%2Fca.crt')).toMatchObject({
    tls: false,
    tlsCAFile: './ca.crt',
    certificateFiles: [],
  });
  expect(readConnectionString('esdb://a?tlsCAFile=ca.crt&userCertFile=of%20me.crt&userKeyFile=me.key')).toMatchObject({
    tls: true,
    certificateFiles: ['ca.crt', 'of me.crt', 'me.key'],
  });
});

describe('the client is given', () => {
  const optionsOf = (text: string, generation = 0): URLSearchParams =>
    new URL(readConnectionString(text).urlOf(generation).replace(/^esdb/, 'http')).searchParams;

  test('a short keep-alive and a short patience with silent seeds', () => {
    expect(Object.fromEntries(optionsOf('esdb://a:1?tls=false'))).toEqual({
      tls: 'false',
      keepAliveInterval: '2000',
      keepAliveTimeout: '2000',
      gossipTimeout: '1',
    });
  });

  test('what the operator wants instead', () => {
    const options = optionsOf('esdb://a?keepAliveInterval=10000&keepAliveTimeout=9000&gossipTimeout=3');
    expect(options.getAll('keepAliveInterval').at(-1)).toBe('10000');
    expect(options.getAll('keepAliveTimeout')).toEqual(['9000']);
    expect(options.getAll('gossipTimeout')).toEqual(['3']);
    expect(optionsOf('esdb://a?keepAliveInterval=-1', 7).getAll('keepAliveInterval').at(-1)).toBe('-1');
  });

  test('settings of its own for each client, so that no two share a connection', () => {
    const [first, second] = [0, 1].map((generation) => readConnectionString('esdb://a').urlOf(generation));
    expect(first).not.toBe(second);
  });
});

test.each([
  ['http://a', 'connection string', 'esdb://host:port'],
  ['esdb://', 'connection string', 'no host'],
  ['esdb://a:port', 'connection string', 'host:port'],
  ['esdb://crm:secret', 'connection string', 'host:port'],
  ['esdb://crm:secret:a:2113', 'connection string', 'host:port'],
  ['esdb://crm:se@secret@a:2113', 'connection string', 'percent-encoded'],
  ['esdb://secret@a:2113', 'connection string', 'percent-encoded'],
  ['esdb://a?throwOnAppendFailure=false', 'connection string', 'leave it out'],
  ['esdb://a?tlsCAFile=100%.crt', 'connection string', 'written %25'],
  ['esdb+discover://crm:secret@a:1,b:2', 'several hosts to discover', 'esdb://a:1,b:2'],
  ['kurrentdb+discover://crm:secret@a:1,b:2', 'several hosts to discover', 'esdb://a:1,b:2'],
  ['kurrentdb://crm:secret@a:1,b:2?tls=false', 'connection string', 'esdb://a:1,b:2'],
  ['kdb://a', 'connection string', 'esdb://a:2113'],
  ['kurrent+discover://a', 'connection string', 'esdb+discover://a:2113'],
] satisfies [string, StoreProblem, string][])('%s is refused with its remedy', (text, problem, remedy) => {
  const read = () => readConnectionString(text);
  expect(read).toThrow(EventStoreMisconfigured);
  expect(read).toThrow(expect.objectContaining({ problem, message: expect.stringContaining(remedy) }));
  expect(read).not.toThrow(/secret/);
});
