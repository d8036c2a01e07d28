import { expect, test } from '@jest/globals';
import { fingerprint } from '#read-store';
import { leadFunnel } from '#projections/lead-funnel/lead-funnel.projection';
import { projectedNow, projectedThen, unversioned } from './projected.js';

test('a projection that makes other rows of the same events is another version: raise its `version`, then `npm run history`', async () => {
  expect(unversioned(projectedThen(), await projectedNow())).toEqual([]);
});

test('what every version of every projection makes of every event is stored; `npm run history` stores what is missing', async () => {
  const then = projectedThen();
  for (const [name, { fingerprint: own, rows }] of Object.entries(await projectedNow()))
    expect({ name, fingerprint: own, events: Object.keys(rows) }).toEqual({
      name,
      fingerprint: then[name]?.fingerprint,
      events: Object.keys(then[name]?.rows ?? {}),
    });
});

test('a change of code alone is noticed, until the version is raised', async () => {
  const changed = { ...leadFunnel, on: { ...leadFunnel.on, LeadQualified: () => [] } };
  expect(fingerprint(changed)).toBe(fingerprint(leadFunnel));
  const noticed = unversioned(projectedThen(), await projectedNow([changed]));
  expect(noticed).toContain('lead_funnel makes other rows of LeadQualified.2.0: raise its `version`');
  expect(unversioned(projectedThen(), await projectedNow([{ ...changed, version: 2 }]))).toEqual([]);
});
