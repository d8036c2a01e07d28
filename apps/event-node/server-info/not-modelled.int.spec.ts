import { EventStoreDBClient, persistentSubscriptionToStreamSettingsFromDefaults } from '@eventstore/db-client';
import { afterAll, expect, test } from '@jest/globals';
import { testStack } from '../../../test/stack/index.js';

const { eventStoreUrl, namespace } = await testStack();
const client = EventStoreDBClient.connectionString(eventStoreUrl);

afterAll(() => client.dispose());

const settings = persistentSubscriptionToStreamSettingsFromDefaults();

test.each([
  ['persistent subscriptions', () => client.createPersistentSubscriptionToStream(`${namespace}-1`, 'group', settings)],
  ['persistent subscriptions', () => client.listAllPersistentSubscriptions()],
  ['server-side projections', () => client.createProjection('all', 'fromAll()')],
  ['server-side projections', () => client.getProjectionState('all')],
])('%s are said to be missing, and where they are not', async (what, call) => {
  await expect(call()).rejects.toMatchObject({
    code: 12,
    message: expect.stringMatching(`does not have ${what}.*EVENTSTORE_URL`),
  });
});
