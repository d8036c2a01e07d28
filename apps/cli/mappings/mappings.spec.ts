import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { ImportReport } from '#import';
import { locateFiles, planImport, readMapping, runImport } from '#import';
import { commands } from '../import/commands.js';
import { RememberingPort } from '../../../test/imports.js';

const DATA = new URL('../../../../shared/data/', import.meta.url).pathname;

/** Two times the same set, and the commands it became. */
async function importTwice(name: string): Promise<{ first: ImportReport; again: ImportReport; port: RememberingPort }> {
  const mapping = await readMapping(new URL(`${name}.yaml`, import.meta.url).pathname, commands);
  const port = new RememberingPort();
  const run = async () => {
    const plan = await planImport(mapping, await locateFiles(mapping, [`${DATA}${name}`]), commands);
    return runImport(plan, port, { onRow: (row) => expect(row).toBeUndefined() });
  };
  return { first: await run(), again: await run(), port };
}

const acceptedOf = ({ records }: ImportReport) =>
  Object.fromEntries(records.map(({ records: name, accepted }) => [name, accepted]));

// The data is not part of the project; it lies beside the checkout where there is any.
(existsSync(DATA) ? describe : describe.skip)(
  'the mappings on the data beside the checkout (skipped when it is absent)',
  () => {
    test('crm-sales', async () => {
      const { first, again, port } = await importTwice('crm-sales');
      expect(acceptedOf(first)).toEqual({
        'regional offices': 3,
        managers: 6,
        'sales agents': 35,
        accounts: 85,
        products: 7,
        'sales process': 1,
        opportunities: 8800,
      });
      const counts = ['OpenOpportunity', 'AdvanceStage', 'WinOpportunity', 'LoseOpportunity'].map(
        (name) => port.fieldsOf(name).length,
      );
      expect(counts).toEqual([8800, 8300, 4238, 2473]);
      const revenue = port
        .fieldsOf('WinOpportunity')
        .map(({ finalAmount }) => JSON.stringify(finalAmount))
        .reduce((sum, text) => sum + Number(/"amount":(\d+)/.exec(text)?.[1]), 0);
      expect(revenue).toBe(1_000_553_400);
      const opened = port.accepted.filter(({ name }) => name === 'OpenOpportunity');
      expect(opened.filter(({ fields }) => fields.customerId === undefined)).toHaveLength(1425);
      expect(opened.filter(({ issue }) => issue.occurredAt === undefined)).toHaveLength(500);
      expect(port.fieldsOf('RegisterCustomer').filter(({ parentId }) => parentId !== undefined)).toHaveLength(15);
      expect(first.records.find(({ records }) => records === 'opportunities')?.respellings).toEqual([
        { column: 'product', from: 'GTXPro', to: 'GTX Pro', rows: 1480 },
      ]);
      expect(again.events).toBe(0);
      expect(acceptedOf(again)).toMatchObject({ opportunities: 0, accounts: 0 });
    });

    test('marketing-funnel', async () => {
      const { first, again, port } = await importTwice('marketing-funnel');
      expect(acceptedOf(first)).toMatchObject({ origins: 10, 'campaign costs': 101, leads: 8000, deals: 842 });
      const captured = port.fieldsOf('CaptureLead');
      expect(captured.filter(({ source }) => source === undefined)).toHaveLength(60);
      expect(captured.filter(({ source }) => source === 'unknown')).toHaveLength(1099);
      expect(port.fieldsOf('TransferLead')).toHaveLength(837);
      expect(
        port
          .fieldsOf('RegisterCustomer')
          .filter(({ classification }) => JSON.stringify(classification).includes('city')),
      ).toHaveLength(380);
      const won = port.fieldsOf('WinOpportunity');
      expect(won).toHaveLength(842);
      expect(won.filter(({ finalAmount }) => finalAmount !== undefined)).toHaveLength(45);
      expect(again.events).toBe(0);
    });
  },
);
