import { expect, test } from '@jest/globals';
import { fc } from '../../../../test/draws.js';
import { laws, play, steps } from '../../../../test/properties.js';
import { spec } from '../../../../test/spec.js';
import { DefineSalesProcess, PublishSalesProcessVersion, RetireSalesProcessVersion } from './sales-process.commands.js';
import type { Stage } from './sales-process.decider.js';
import { salesProcess } from './sales-process.decider.js';
import type { SalesProcessEvent } from './sales-process.events.js';

const processId = '90ce5500-0000-4000-8000-000000000001';

const stage = (id: string, orderIndex: number, more: Partial<Stage> = {}): Stage => ({
  id,
  name: id,
  orderIndex,
  kind: 'open',
  probability: 10 * orderIndex,
  exitCriteria: [],
  ...more,
});
const contact = stage('contact', 1, { exitCriteria: [{ id: 'need', name: '需求已确认', required: true }] });
const offer = stage('offer', 2);
const won = stage('won', 3, { kind: 'won', probability: 100 });
const rules = { allowSkip: true, allowRegress: true };

const defined: SalesProcessEvent = { type: 'SalesProcessDefined', data: { processId, name: '标准流程' } };
const published: SalesProcessEvent = {
  type: 'SalesProcessVersionPublished',
  data: { processId, version: 1, stages: [contact, offer, won], rules },
};
const retired: SalesProcessEvent = { type: 'SalesProcessVersionRetired', data: { processId, version: 1 } };

const { given } = spec(salesProcess, {});
const publish = (version: number, stages: readonly Stage[]) =>
  PublishSalesProcessVersion.of({ processId, version, stages, rules });

test('a process is defined', () =>
  given()
    .when(DefineSalesProcess.of({ processId, name: '标准流程' }))
    .then(defined));
test('a process is defined once', () =>
  given(defined)
    .when(DefineSalesProcess.of({ processId, name: '标准流程' }))
    .thenRefused('PROCESS_ALREADY_DEFINED'));

test('a version is published with its stages in order', () =>
  given(defined)
    .when(publish(1, [won, contact, offer]))
    .then(published));
test('the same version again changes nothing', () =>
  given(defined, published)
    .when(publish(1, [contact, offer, won]))
    .thenNothing());
test('a published version never changes', () =>
  given(defined, published)
    .when(publish(1, [contact, won]))
    .thenRefused('PROCESS_VERSION_ALREADY_PUBLISHED', { version: 1 }));
test('versions are dense', () =>
  given(defined, published)
    .when(publish(3, [contact]))
    .thenRefused('PROCESS_VERSION_NOT_NEXT', { next: 2 }));
test('an unknown process has no versions', () =>
  given()
    .when(publish(1, [contact]))
    .thenRefused('PROCESS_UNKNOWN'));
test.each<[string, readonly Stage[]]>([
  ['PROCESS_WITHOUT_OPEN_STAGE', [won]],
  ['STAGE_NOT_UNIQUE', [contact, { ...offer, id: 'contact' }]],
  ['STAGE_NOT_UNIQUE', [contact, { ...offer, orderIndex: 1 }]],
  ['EXIT_CRITERION_NOT_UNIQUE', [contact, { ...offer, exitCriteria: contact.exitCriteria }]],
  ['STAGE_PROBABILITY_CONTRADICTS_KIND', [contact, { ...won, probability: 90 }]],
  ['STAGE_PROBABILITY_CONTRADICTS_KIND', [contact, stage('lost', 4, { kind: 'lost', probability: 1 })]],
])('stages are refused: %s', (code, stages) => given(defined).when(publish(1, stages)).thenRefused(code));

test('a version is retired', () =>
  given(defined, published)
    .when(RetireSalesProcessVersion.of({ processId, version: 1 }))
    .then(retired));
test('a version is retired once', () =>
  given(defined, published, retired)
    .when(RetireSalesProcessVersion.of({ processId, version: 1 }))
    .thenNothing());
test('an unknown version is not retired', () =>
  given(defined, published)
    .when(RetireSalesProcessVersion.of({ processId, version: 2 }))
    .thenRefused('PROCESS_VERSION_UNKNOWN'));

const version = fc.integer({ min: 1, max: 4 });
const anyCommand = fc.oneof(
  fc.constant(DefineSalesProcess.of({ processId, name: '标准流程' })),
  fc.tuple(version, fc.shuffledSubarray([contact, offer, won])).map(([n, stages]) => publish(n, stages)),
  version.map((n) => RetireSalesProcessVersion.of({ processId, version: n })),
);

laws(salesProcess, anyCommand, {});

test('process: versions are dense and each has an open stage', () => {
  fc.assert(
    fc.property(steps(anyCommand), (drawn) => {
      const versions = play(salesProcess, drawn, {}).flatMap((event) =>
        event.type === 'SalesProcessVersionPublished' ? [event.data] : [],
      );
      expect(versions.map(({ version: number }) => number)).toEqual(versions.map((_, index) => index + 1));
      for (const { stages } of versions) expect(stages.some(({ kind }) => kind === 'open')).toBe(true);
    }),
  );
});
