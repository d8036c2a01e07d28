import { beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { customerHistory } from '#projections/customer-history/customer-history.projection';
import { replayDeadLetters, type Entry } from '#read-store';
import { eventually, until } from '../read-store/rig.js';
import { findIn, formsOf, postgresLogOf, tablesOf } from './dump.js';
import { differencesFromRebuild, withReadSide } from './rebuilt.js';
import { rowsOf, startServerOf, testTenant } from './server.js';

/** All that is told of the person who is erased, and of others in the same events. */
const PERSON = ['欧阳雪松', '13871239876', 'ouyang@snowpine.example', '松雪路九号'] as const;
const [NAME, PHONE, EMAIL, ADDRESS] = PERSON;
const EMPLOYEE = '上官云飞';
const OTHER = '慕容复远';

const tenant = await testTenant();
const { namespace, databaseUrl, masterKey, eventStoreUrl } = tenant;
const server = await startServerOf(tenant);
/** Another process that has folded the same streams. */
const door = await startServerOf(tenant, { ROLES: 'api' });

const employeeId = randomUUID();
const headers = { 'x-actor': employeeId, 'x-actor-name': encodeURIComponent(EMPLOYEE) };
const by = async (one: typeof server, name: string, fields: object) => {
  const answer = await one.command(name, fields, headers);
  expect([name, answer.status, answer.body['detail']]).toEqual([name, 200, undefined]);
  return answer;
};
const does = (name: string, fields: object) => by(server, name, fields);
const rows = (query: string) => rowsOf(tenant, query);
const schemaOf = async (projection: string) =>
  String(
    (
      await rows(`select schema_name from ${namespace}_read_store.versions
                 where projection = '${projection}' and state = 'living'`)
    )[0]?.['schema_name'],
  );
/** Beside us, not before us: a connection to a server that idles out meanwhile must be seen to have closed. */
const taizhang = async (...words: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/apps/cli/main.js', ...words], {
    env: {
      ...{ ...process.env, EVENTSTORE_URL: eventStoreUrl, DATABASE_URL: databaseUrl },
      ...{ NAMESPACE: namespace, MASTER_KEY: masterKey },
    },
  });
  return stdout;
};

const [customerId, secondId, otherId, leadId, opportunityId, poolId] = [1, 2, 3, 4, 5, 6].map(() => randomUUID());
const [person, asLead, asSecond] = [`customer:${customerId}`, `lead:${leadId}`, `customer:${secondId}`];
/** Acts under an id that is no employee's, and is told of where the record is about nobody. */
const [asActor, inPool] = ['actor:snowpine-agent', `pool:${poolId}`];
const because = (text: string) => ({ reason: { code: 'asked', text } });

/** Every report there is, as of one moment, of the person where it asks for a customer. */
async function allReports() {
  const { body } = await server.get('/reports');
  const answers: Record<string, unknown> = {};
  for (const { name, parameters } of Object.values(body) as readonly Report[]) {
    const asked = Object.fromEntries((parameters.required ?? []).map((one) => [one, samples[one] ?? '0']));
    if ('as_of' in parameters.properties) asked['as_of'] = asOf;
    const answer = await server.get(`/reports/${name}?${new URLSearchParams(asked).toString()}`);
    expect([name, answer.status]).toEqual([name, 200]);
    answers[name] = answer.body['rows'];
  }
  return answers;
}
interface Report {
  readonly name: string;
  readonly parameters: {
    readonly required?: readonly string[];
    readonly properties: Readonly<Record<string, unknown>>;
  };
}
const samples: Readonly<Record<string, string>> = { customer: customerId ?? '', to_revision: '2', at_revision: '2' };

/** What is left of an answer when every text that tells of the person is gone. */
const erasedIn = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (_, value: unknown) =>
    typeof value === 'string' && PERSON.some((text) => value.includes(text)) ? '[erased]' : value,
  ) as unknown;

const eventLog = () => tablesOf(databaseUrl.replace(/\/[^/]*$/, '/event_log'));
const allRead = async () => {
  const nobody = { subject: `contact:${randomUUID()}`, holdId: randomUUID(), ground: 'audit' };
  const { body } = await does('PlaceLegalHold', nobody);
  await server.tells('lead-funnel', body['position']);
};
const isErased = async () => {
  const gone = await rows(`select subject from ${namespace}_keys.subject_keys where destroyed_at is not null`);
  const names = gone.map(({ subject }) => subject);
  return [person, asLead, asSecond, `opportunity:${opportunityId}`, asActor, inPool].every((one) =>
    names.includes(one),
  );
};

async function textOf(entries: AsyncIterable<Entry>): Promise<string> {
  let text = '';
  for await (const entry of entries)
    text += JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return text;
}

/** When all of it had happened. */
let asOf: string;
let before: Record<string, unknown>;

beforeAll(async () => {
  const profile = { name: NAME, phone: PHONE, email: EMAIL };
  await does('HireEmployee', { employeeId, name: EMPLOYEE });
  await does('CaptureLead', { leadId, source: 'fair', profile, ...because(`${NAME} left a card`) });
  await does('ClaimLead', { leadId });
  await does('QualifyLead', { leadId, criteria: [{ criterionId: 'need', evidence: `${NAME} wants it` }] });
  const named = { partyType: 'person', profile: { legalName: NAME, phone: PHONE, email: EMAIL } };
  await does('RegisterCustomer', { customerId, ...named, source: 'fair', ...because(`for ${NAME}`) });
  await does('ConvertLead', { leadId, customerId });
  await does('CorrectCustomerProfile', { customerId, profile: { address: ADDRESS }, ...because(`${NAME} moved`) });
  const stages = [{ id: 'talk', name: 'Talk', orderIndex: 1, kind: 'open', probability: 10, exitCriteria: [] }];
  const processId = randomUUID();
  await does('DefineSalesProcess', { processId, name: 'Direct' });
  await does('PublishSalesProcessVersion', {
    processId,
    version: 1,
    stages,
    rules: { allowSkip: true, allowRegress: true },
  });
  const opened = { opportunityId, processId, customerId, amount: { amount: 500, currency: 'CNY' } };
  const pool = { poolId, name: 'Sea', ...because(`${NAME} wants one of their own`) };
  const agent = { 'x-actor': 'snowpine-agent', 'x-actor-name': encodeURIComponent(NAME) };
  expect((await server.command('DefinePool', pool, agent)).status).toBe(200);
  await does('OpenOpportunity', { ...opened, ...because(`${NAME} asked for an offer`) });
  await does('RegisterCustomer', { customerId: otherId, partyType: 'person', profile: { legalName: OTHER } });

  // A second record of the person, of which the history takes nothing: a trigger refuses it, quoting what it refuses.
  await rows(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'cannot take %', new.new_value; end $$;
    create trigger refuse before insert on ${await schemaOf('customer_history')}.customer_revision
      for each row when (new.customer_id = '${secondId}' and new.is_personal) execute function refuse()`);
  await does('RegisterCustomer', { customerId: secondId, ...named, nonIdentifying: ['phone', 'email'] });
  await does('LinkDataSubjects', { subject: person, linked: asSecond });
  for (const id of [customerId, secondId])
    await by(door, 'CorrectCustomerProfile', {
      customerId: id,
      profile: { remarks: NAME },
      ...because(`${NAME} says so`),
    });
  await allRead();
  asOf = new Date().toISOString();
  before = await allReports();
});

test('before, the person is in the read models, and nowhere else in the clear', async () => {
  await rows('analyze');
  const found = findIn([...(await tablesOf(databaseUrl)), ...(await eventLog())], [NAME]);
  expect(found.map((one) => one.replace(/_[0-9a-f]{8}"/, '"'))).toEqual(
    ['customer_history"."customer_revision', 'reference"."customer'].map(
      (table) => `${NAME} in "${namespace}_${table}"`,
    ),
  );
  expect(formsOf(NAME).every((form) => findIn([{ name: '', bytes: form }], [NAME]).length === 1)).toBe(true);
});

test('what could not be applied waits without quoting the person', async () => {
  expect(
    await rows(`select stream, fault, reason from ${namespace}_read_store.dead_letters order by revision`),
  ).toEqual([
    { stream: `customer-${secondId}`, fault: 'write', reason: expect.stringMatching(/P0001 \(a trigger refuses it\)/) },
    { stream: `customer-${secondId}`, fault: 'follows', reason: expect.any(String) },
  ]);
});

test('a legal hold on any record of the person refuses the erasure, and the refusal is recorded', async () => {
  const holdId = randomUUID();
  await until(
    async () =>
      (await rows(`select from ${namespace}_policies.outcomes where command = 'LinkDataSubjects'`)).length > 0,
  );
  await allRead();
  await does('PlaceLegalHold', { subject: asLead, holdId, ground: 'litigation' });
  const refused = await does('RequestErasure', { subject: person, erasureId: randomUUID() });
  expect(refused.body['events']).toEqual(['ErasureRefused']);
  await does('LiftLegalHold', { subject: asLead, holdId });
  expect(await allReports()).toEqual(before);
});

test('what the law wants kept until a day is kept, and the refusal says why and until when', async () => {
  const subject = `customer:${otherId}`;
  await does('BeginStatutoryRetention', { subject, ground: 'won_deal', basis: opportunityId, until: '2999-12-31' });
  const refused = await does('RequestErasure', { subject, erasureId: randomUUID() });
  expect(refused.body['events']).toEqual(['ErasureRefused']);
  expect(await taizhang('streams', 'read', `subject-${subject}`)).toMatch(
    /ErasureRefused [^]*"statutory_retention".*"won_deal".*"2999-12-31"/,
  );
});

describe('erased', () => {
  beforeAll(async () => {
    const asked = because(`${NAME} wrote a letter`);
    // What a decision looks up may be a second old: the hold was lifted a moment ago.
    await until(async () => {
      const { body } = await does('RequestErasure', { subject: person, erasureId: randomUUID(), ...asked });
      return JSON.stringify(body['events']) === '["ErasureRequested"]';
    });
    for (const subject of [asActor, inPool])
      await does('RequestErasure', { subject, erasureId: randomUUID(), ...asked });
    await until(isErased);
    await eventually(async () =>
      expect(await rows(`select from ${namespace}_read_models.customer where legal_name = '[erased]'`)).toHaveLength(2),
    );
    await allRead();
  });

  test('every report says what it said, but for the person', async () => {
    expect(await allReports()).toEqual(erasedIn(before));
  });

  test('others in the same events are as readable as before', async () => {
    const history = JSON.stringify((await server.get(`/customers/${customerId}/revisions`)).body);
    expect(history).toContain(EMPLOYEE);
    expect(history).toContain('[erased]');
    expect(JSON.stringify((await server.get(`/customers/${otherId}`)).body)).toContain(OTHER);
  });

  test('no export, replay or look into the log shows the person', async () => {
    const streams = [
      `customer-${customerId}`,
      `customer-${secondId}`,
      `lead-${leadId}`,
      `opportunity-${opportunityId}`,
      `pool-${poolId}`,
    ];
    const told = await withReadSide(tenant, ({ source }) =>
      Promise.all([...streams, `subject-${person}`].map((stream) => textOf(source.readStream(stream, 0n)))),
    );
    const printed = await Promise.all([
      taizhang('history', customerId ?? '', '--json'),
      taizhang('streams', 'read', `lead-${leadId}`),
    ]);
    for (const text of [...told, ...printed]) expect(text).toContain('[erased]');
    expect(findIn([{ name: 'what was read', bytes: Buffer.from([...told, ...printed].join('\n')) }], PERSON)).toEqual(
      [],
    );
  });

  test('no process that knew the person knows them: nothing can be recorded of them any more', async () => {
    for (const one of [server, door])
      expect(
        await one.command(
          'CorrectCustomerProfile',
          { customerId, profile: { phone: '1' }, ...because('called') },
          headers,
        ),
      ).toMatchObject({
        status: 409,
        body: { code: 'SUBJECT_ERASED' },
      });
  });

  test('what waited is applied without the person, and a build from zero gives the same rows', async () => {
    await rows(`drop function refuse cascade`);
    const reason = 'the trigger is gone';
    const replayed = await withReadSide(tenant, (readSide) =>
      replayDeadLetters({ ...readSide, projection: customerHistory, reason }),
    );
    expect(replayed).toMatchObject([{ stream: `customer-${secondId}`, replayed: 2, left: 0 }]);
    expect(await differencesFromRebuild(tenant)).toEqual([]);
  });

  test('no table, no statistic, no event and no log holds the person in any form', async () => {
    const logs = [server, door].map((one, index) => ({ name: `server ${index}`, bytes: one.printed() }));
    const kept = [...(await tablesOf(databaseUrl)), ...(await eventLog()), await postgresLogOf(databaseUrl), ...logs];
    expect(findIn(kept, PERSON)).toEqual([]);
    expect(findIn(kept, [OTHER]).length).toBeGreaterThan(0);
  });
});
