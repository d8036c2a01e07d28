import { describe, expect, test } from '@jest/globals';
import { CannotStart } from '#embedded';
import { readConfiguration } from './configuration.js';

const problemsOf = (variables: NodeJS.ProcessEnv): string => {
  try {
    readConfiguration(variables);
    return '';
  } catch (error) {
    return error instanceof CannotStart ? error.message : `not expected: ${String(error)}`;
  }
};

describe('configuration', () => {
  test('nothing set means the embedded stack on loopback with every role', () => {
    const configuration = readConfiguration({});
    expect(configuration).toMatchObject({
      stores: undefined,
      namespace: '',
      host: '127.0.0.1',
      port: 3000,
      portIsFixed: false,
      roles: ['api', 'projections', 'policies'],
      reportingZone: 'UTC',
      projectionLeaseMs: 5_000,
      masterKeys: undefined,
    });
    expect(configuration.masterKeyFile).toBe(`${configuration.dataFolder}/master.key`);
    expect(Object.isFrozen(configuration)).toBe(true);
    expect(Object.isFrozen(configuration.roles)).toBe(true);
  });

  test('an empty variable counts as not set', () => {
    expect(readConfiguration({ PORT: '', EVENTSTORE_URL: '', DATABASE_URL: '' })).toEqual(readConfiguration({}));
  });

  test('reads what is set', () => {
    const key = Buffer.alloc(32, 7);
    const configuration = readConfiguration({
      EVENTSTORE_URL: 'esdb://a:2113,b:2113?tls=false',
      DATABASE_URL: 'postgres://user:secret@host/db',
      ROLES: 'api, projections',
      PORT: '8080',
      REPORTING_ZONE: 'Asia/Shanghai',
      PROJECTION_LEASE_SECONDS: '2',
      MASTER_KEY: key.toString('base64'),
    });
    expect(configuration).toMatchObject({
      stores: { eventStoreUrl: 'esdb://a:2113,b:2113?tls=false', databaseUrl: 'postgres://user:secret@host/db' },
      roles: ['api', 'projections'],
      port: 8080,
      portIsFixed: true,
      reportingZone: 'Asia/Shanghai',
      masterKeys: [key],
      projectionLeaseMs: 2_000,
    });
  });

  test('names every bad variable at once and shows no value', () => {
    const problems = problemsOf({
      EVENTSTORE_URL: 'http://secret-host',
      DATABASE_URL: 'mysql://user:secret@host/db',
      NAMESPACE: 'Tenant-A',
      PORT: '70000',
      ROLES: 'api,worker',
      REPORTING_ZONE: '+08:00',
      MASTER_KEY: 'c2VjcmV0',
      MAX_BODY_BYTES: '1MB',
      PROJECTION_LEASE_SECONDS: '0',
    });
    for (const name of [
      'EVENTSTORE_URL',
      'DATABASE_URL',
      'NAMESPACE',
      'PORT',
      'ROLES',
      'REPORTING_ZONE',
      'MASTER_KEY',
      'MAX_BODY_BYTES',
      'PROJECTION_LEASE_SECONDS',
    ]) {
      expect(problems).toContain(`  ${name}: `);
    }
    expect(problems).not.toMatch(/secret/);
  });

  test.each(['EVENTSTORE_URL', 'DATABASE_URL'])('%s alone is refused', (name) => {
    const value = name === 'DATABASE_URL' ? 'postgres://host/db' : 'esdb://host:2113';
    expect(problemsOf({ [name]: value })).toContain('set both, or neither');
    expect(problemsOf({ [name]: value, PORT: 'none' })).toMatch(/PORT:.*set both, or neither/s);
  });

  test.each([
    ['esdb+discover://cluster.example:2113', true],
    ['esdb+discover://user:pass@cluster.example:2113?tls=false', true],
    ['esdb+discover://a:2113,b:2113', false],
    ['esdb+discover://user:pass@a:2113,b:2113/?tls=false', false],
    ['esdb://a:2113,b:2113', true],
  ])('%s is accepted: %s', (url, accepted) => {
    const problems = problemsOf({ EVENTSTORE_URL: url, DATABASE_URL: 'postgres://host/db' });
    if (accepted) expect(problems).toBe('');
    else expect(problems).toContain('Write esdb://a:2113,b:2113 instead');
  });
});
