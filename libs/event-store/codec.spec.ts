import { expect, jest, test } from '@jest/globals';
import type { DataOfShape, Envelope, Event, EventSchemas } from '#kernel';
import { ERASED, erasing, event, id, integer, list, optional, record, retired, sealed, text } from '#kernel';
import { FixedKeys } from '../../test/subject-keys.js';
import { Codec } from './codec.js';
import type { NewEvent, StoredEvent } from './event-store.js';

const person = record({ name: optional(text), phone: optional(text) });
const first = { caseId: id, title: text };
const second = { caseId: id, titles: list(text) };

/** A case tells of two people; its title was one text, then several, now they lie in a record. */
const schemas = {
  CaseOpened: event('A case was opened.', {
    caseId: id,
    buyerId: id,
    buyer: sealed('buyer', 'buyerId', person),
    sellerId: id,
    seller: optional(sealed('seller', 'sellerId', person)),
    notes: optional(list(record({ line: integer, remark: sealed('buyer', 'buyerId', text) }))),
  }),
  CaseNamed: event(
    'A case got its names.',
    { caseId: id, names: record({ main: text, others: list(text) }) },
    retired(
      second,
      ({ caseId, titles: [main = '', ...others] }) => ({ caseId, names: { main, others } }),
      retired(first, ({ caseId, title }) => ({ caseId, titles: title.split('/') })),
    ),
  ),
  KeyDestroyed: erasing('subjects', event('Nobody can read of them any more.', { subjects: list(id) })),
} satisfies EventSchemas;

const opened = {
  type: 'CaseOpened',
  data: {
    ...{
      caseId: '1',
      buyerId: 'b',
      buyer: { name: '李雷', phone: undefined },
      sellerId: 's',
      seller: { name: '韩梅梅' },
    },
    notes: [{ line: 1, remark: '李雷 called' }],
  },
} satisfies Event<'CaseOpened', DataOfShape<typeof schemas.CaseOpened.shape>>;

const envelope: Envelope = {
  ...{ occurredAt: '2026-01-01T00:00:00.000Z', recordedAt: '2026-01-01T00:00:00.000Z', schemaVersion: 1 },
  ...{ commandId: 'c', commandHash: 'h', correlationId: 'c', causationId: 'c' },
  actor: { id: 'ada', kind: 'human', displayName: '王芳' },
  reason: { code: 'asked', text: '李雷 wants it' },
};

const keys = new FixedKeys();
const codec = new Codec(schemas, keys, 'tenant_');
const stored = ({ id: eventId, ...event }: NewEvent, change: Partial<StoredEvent> = {}): StoredEvent => ({
  ...{ id: eventId, stream: 'tenant_case-1', revision: 7n, position: { commit: 9n, prepare: 9n } },
  ...event,
  ...change,
});
const encoded = async (told: Event = opened) => {
  const [one] = await codec.encode('case-1', [{ eventId: 'e', event: told, envelope }]);
  if (one === undefined) throw new Error('nothing was encoded');
  return one;
};
const named = async (version: number, data: object) =>
  stored(
    { ...(await encoded()), type: 'CaseNamed', data: { ...data } },
    {
      metadata: { ...(await encoded()).metadata, schemaVersion: version },
    },
  );
const decodeOne = async (event: StoredEvent, by = codec) => (await by.decode([event]))[0];

test('what is stored holds no personal text, and comes back as it was', async () => {
  const event = await encoded();
  for (const personal of ['李雷', '韩梅梅', '王芳']) expect(JSON.stringify(event)).not.toContain(personal);
  expect(await decodeOne(stored(event))).toMatchObject(
    JSON.parse(JSON.stringify({ ...envelope, ...opened })) as object,
  );
});

test('one of two people in an event is erased, the other stays; what the record had is still counted', async () => {
  const erasing = new FixedKeys();
  await erasing.destroy(['buyer:b', 'case:1']);
  const read = await decodeOne(stored(await encoded()), new Codec(schemas, erasing, 'tenant_'));
  expect(read).toMatchObject({
    data: { seller: { name: '韩梅梅' }, notes: [{ line: 1, remark: '[erased]' }] },
    actor: { displayName: '王芳' },
    reason: { code: 'asked', text: '[erased]' },
  });
  expect(Object.entries(read?.data ?? {}).find(([field]) => field === 'buyer')?.[1]).toEqual({ name: '[erased]' });
});

test('every version is told in the words of the present one', async () => {
  const names = { main: 'a', others: ['b'] };
  expect(await decodeOne(await named(1, { caseId: '1', title: 'a/b' }))).toMatchObject({ data: { names } });
  expect(await decodeOne(await named(2, { caseId: '1', titles: ['a', 'b'] }))).toMatchObject({ data: { names } });
  expect(await decodeOne(await named(3, { caseId: '1', names }))).toMatchObject({ data: { names }, schemaVersion: 3 });
});

test('the stored version decides which shape the data must have', async () => {
  await expect(decodeOne(await named(1, { caseId: '1', names: { main: 'a', others: [] } }))).rejects.toThrow(
    'CaseNamed at case-1@7: title must be text',
  );
  await expect(decodeOne(await named(0, { caseId: '1', title: 'a' }))).rejects.toThrow('a known version');
});

test('an event of a version that is not known yet is not guessed', async () => {
  await expect(decodeOne(await named(4, { caseId: '1', title: 'a' }))).rejects.toThrow(
    'CaseNamed at case-1@7 is of version 4, and this program knows it up to 3: start the release that wrote it',
  );
});

test('a malformed event names its stream, revision and field, and quotes no value', async () => {
  const event = await encoded();
  const broken = (data: object) => decodeOne(stored(event, { data: { ...event.data, ...data } }));
  await expect(broken({ buyerId: 7 })).rejects.toThrow('CaseOpened at case-1@7: buyerId must be id');
  await expect(broken({ notes: [{ line: 'x' }] })).rejects.toThrow('notes.0.line must be integer');
  await expect(broken({ phone: '139' })).rejects.toThrow('phone must be no such field');
  await expect(broken({ buyer: { $sealed: 'AAAA', subject: 'buyer:b' } })).rejects.toThrow(
    'CaseOpened at case-1@7: buyer must be sealed under the key of its subject',
  );
  await expect(decodeOne(stored(event, { data: '李雷' }))).rejects.toThrow('caseId must be id');
  await expect(decodeOne(stored(event, { metadata: {} }))).rejects.toThrow('occurredAt must be instant');
});

test('an event that is not what its schema says is not stored', async () => {
  await expect(encoded({ type: 'CaseOpened', data: { caseId: 'two words' } })).rejects.toThrow('caseId must be id');
});

test('events of types that nobody knows are passed by, counted and told once', async () => {
  const told: string[] = [];
  const reader = new Codec(schemas, keys, 'tenant_', (type) => told.push(type));
  const event = stored(await encoded());
  const foreign = { ...event, type: 'CaseLikelyForgotten' };
  expect(await reader.entries([foreign, event, foreign])).toMatchObject([undefined, { event: {} }, undefined]);
  expect(reader.unknownTypes()).toEqual(new Map([['CaseLikelyForgotten', 2]]));
  expect(told).toEqual(['CaseLikelyForgotten']);
});

test('where nobody wants personal text, it reads as erased, and no key is asked for', async () => {
  const sealed = stored(await encoded());
  const asked = jest.spyOn(keys, 'find');
  const [entry] = await codec.entries([sealed], new Set(['CaseNamed']));
  expect(entry).toMatchObject({
    event: { data: { buyer: { name: ERASED }, seller: { name: ERASED } }, actor: { displayName: ERASED } },
  });
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
});

/** Keys of a process that hears of their destruction through the log only. */
class RememberedKeys extends FixedKeys {
  override forgetKeys(subjects: readonly string[]): void {
    void super.destroy(subjects);
  }
}

test('who reads on behind the end of a key opens nothing more with it, although it was remembered', async () => {
  const late = new Codec(schemas, new RememberedKeys(), 'tenant_');
  const about = stored(await encoded());
  expect(await decodeOne(about, late)).toMatchObject({ data: { buyer: { name: '李雷' } } });
  const end = { ...about, type: 'KeyDestroyed', data: { subjects: ['buyer:b'] } };
  const [told, behind] = await late.decode([end, about]);
  expect(told).toMatchObject({ type: 'KeyDestroyed', erases: ['buyer:b'] });
  for (const event of [behind, await decodeOne(about, late)])
    expect(event).toMatchObject({ data: { buyer: { name: ERASED }, seller: { name: '韩梅梅' } } });
});

test('the end of a key is told even when the rest of its event cannot be made out', async () => {
  const broken = { ...stored(await encoded()), type: 'KeyDestroyed', data: { subjects: ['buyer:b'], colour: 'red' } };
  const newer = { ...broken, metadata: { ...(await encoded()).metadata, schemaVersion: 9 } };
  for (const entry of await codec.entries([broken, newer]))
    expect(entry).toMatchObject({ unreadable: { type: 'KeyDestroyed', erases: ['buyer:b'] } });
});
