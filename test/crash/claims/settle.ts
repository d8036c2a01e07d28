import { Policies } from '../../../apps/server/policies.module.js';
import { createApplication } from '../../../apps/server/application.js';
import { readConfiguration } from '../../../apps/server/configuration.js';
import { LocalMasterKeys } from '#event-store';
import { VirtualClock } from '#policies';
import type { System } from '../system.js';
import { wholeLog } from '../log.js';

/** Longer than anything stays reserved without being looked after. */
const LONG_MS = 10 * 60_000;

/** Runs the policies here, by a clock that is far enough ahead for every reservation to be settled. */
export async function settleReservations(system: System<string>): Promise<void> {
  const clock = new VirtualClock(new Date(Date.now() + LONG_MS).toISOString());
  const { stores, ...configuration } = readConfiguration({ ...system.environment, ROLES: 'policies' });
  if (stores === undefined) throw new Error('The system has stores');
  const openedMasterKeys = LocalMasterKeys.holding(Buffer.from(system.masterKey, 'base64'));
  const application = await createApplication({ ...configuration, stores, openedMasterKeys }, clock);
  try {
    await application.init();
    const last = (await wholeLog(system)).at(-1);
    await application.get(Policies).runner?.settled(last?.position.commit ?? 0n);
  } finally {
    await application.close();
  }
}
