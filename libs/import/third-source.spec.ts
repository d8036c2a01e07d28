import { describe, expect, test } from '@jest/globals';
import { importFiles, RememberingPort } from '../../test/imports.js';

/** A made-up export of another system: other columns, another date style, German numbers, its own dirt. */
const mapping = `
source: zeiterfassung
zone: Europe/Berlin
dates: ['dd.MM.yyyy HH:mm', dd.MM.yyyy]
currency: EUR
empty: ['', '-']
numbers: { decimal: ',', grouping: '.', ignore: ['€', ' '] }
flags: { yes: [ja], no: [nein] }
files:
  companies:
    file: Firmen.csv
    delimiter: ';'
    columns:
      Land: { spelling: { Deutschl.: Germany, DE: Germany } }
  orders: { file: Angebote.csv, delimiter: ';' }
  notes: { file: Notizen.csv, optional: true }
records:
  - name: countries
    entity: country
    from: companies
    distinct: Land
    commands:
      - send: AddCountry
        to: countryId
        fields: { name: { $text: Land } }
  - name: companies
    entity: company
    from: companies
    key: Nr
    commands:
      - send: AddCompany
        to: companyId
        fields:
          label: { $template: '{Name} ({Nr})' }
          country: { $ref: country, of: Land }
          isKeyAccount: { $flag: Wichtig }
          tags: { $split: Tags, by: ',' }
          size: { $text: Groesse, values: { k: small, g: large } }
          parentId: { $ref: company, of: Mutter }
          origin: { kind: import, list: old }
      - send: NoteTurnover
        step: turnover
        when: { Umsatz: { present: true } }
        to: companyId
        fields: { turnover: { $money: Umsatz, times: 1000 } }
  - name: offers
    entity: offer
    from: orders
    key: [Nr, Pos]
    join: { company: { file: companies, on: Kunde, by: Nr } }
    where: { Status: { not: storniert } }
    reject:
      - when: { Status: offen, Datum: { present: false } }
        because: an open offer needs a date
    commands:
      - send: MakeOffer
        to: { companyId: { $ref: company, of: Kunde, required: true } }
        occurredAt: { $instant: Datum }
        reason: { code: { $text: Grund, values: { K: customer_asked } } }
        fields:
          offerId: { $id: offer }
          day: { $date: Datum }
          amount: { $money: Betrag, currency: { $text: Waehrung } }
          pieces: { $integer: Stueck, required: true }
          land: { $first: [{ $text: Land }, { $text: company.Land }] }
  - name: notes
    entity: note
    from: notes
    key: Nr
    commands:
      - send: WriteNote
        to: noteId
        fields: { text: { $text: Text } }
`;

const companies = `Nr;Name;Land;Wichtig;Tags;Groesse;Mutter;Umsatz
2;Tochter AG;Deutschl.;nein;-;k;1;
1;Mutter AG;Germany;ja;alt, treu;g;;1.234,5
3;"Leer; GmbH";-;-;;;;
`;
const offers = `Nr;Pos;Kunde;Status;Datum;Grund;Betrag;Waehrung;Stueck;Land
A1;1;1;offen;01.07.2024 09:30;K;1.200,50 €;EUR;3;
A1;2;3;offen;15.01.2024;;1200;JPY;4;AT
A2;1;1;storniert;;;;;;
`;

describe('a data set that nobody wrote code for', () => {
  test('becomes the commands that its mapping says', async () => {
    const port = new RememberingPort();
    const report = await importFiles(mapping, { 'Firmen.csv': companies, 'Angebote.csv': offers }, port);
    expect(report.problems).toEqual([]);
    expect(
      report.records.map(({ records, accepted, skipped, isAbsent }) => [records, accepted, skipped, isAbsent]),
    ).toEqual([
      ['countries', 1, 2, false],
      ['companies', 3, 0, false],
      ['offers', 2, 1, false],
      ['notes', 0, 0, true],
    ]);
    const [germany] = port.fieldsOf('AddCountry');
    const [daughter, mother, empty] = port.fieldsOf('AddCompany');
    expect(daughter).toEqual({
      companyId: expect.any(String),
      label: 'Tochter AG (2)',
      country: germany?.countryId,
      isKeyAccount: false,
      size: 'small',
      parentId: mother?.companyId,
      origin: { kind: 'import', list: 'old' },
    });
    expect(mother).toMatchObject({ isKeyAccount: true, tags: ['alt', 'treu'], size: 'large' });
    expect(empty).toEqual({
      companyId: expect.any(String),
      label: 'Leer; GmbH (3)',
      origin: { kind: 'import', list: 'old' },
    });
    expect(port.fieldsOf('NoteTurnover')).toEqual([
      { companyId: mother?.companyId, turnover: { amount: 123_450_000, currency: 'EUR' } },
    ]);
    const offersMade = port.accepted.filter(({ name }) => name === 'MakeOffer');
    expect(offersMade.map(({ fields, issue }) => ({ ...fields, ...issue }))).toMatchObject([
      {
        companyId: mother?.companyId,
        day: '2024-07-01',
        occurredAt: '2024-07-01T07:30:00.000Z',
        reason: { code: 'customer_asked' },
        amount: { amount: 120_050, currency: 'EUR' },
        pieces: 3,
        land: 'Germany',
      },
      {
        day: '2024-01-15',
        occurredAt: '2024-01-14T23:00:00.000Z',
        amount: { amount: 1200, currency: 'JPY' },
        land: 'AT',
      },
    ]);
    expect(report.records[1]?.respellings).toEqual([{ column: 'Land', from: 'Deutschl.', to: 'Germany', rows: 1 }]);
  });

  test('each row that makes no sense is told with its field, and nothing is sent of it', async () => {
    const port = new RememberingPort();
    const bad = `Nr;Pos;Kunde;Status;Datum;Grund;Betrag;Waehrung;Stueck;Land
B1;1;9;offen;01.07.2024;;1;EUR;1;
B2;1;1;offen;2024-07-01;;1;EUR;1;
B3;1;1;offen;01.07.2024;;1,234;EUR;1;
B4;1;1;offen;01.07.2024;;1;EUR;;
B5;1;1;offen;01.07.2024;X;1;EUR;1;
B6;1;1;offen;;;1;EUR;1;
B7;;1;offen;01.07.2024;;1;EUR;1;
B8;1;1;offen;01.07.2024;;1;EUR;1,5;
B9;1;1;offen
B0;1;;offen;01.07.2024;;1;EUR;1;
`;
    const report = await importFiles(mapping, { 'Firmen.csv': companies, 'Angebote.csv': bad }, port);
    expect(report.problems.map(({ row, field, reason }) => `${row} ${field ?? ''}: ${reason}`)).toEqual([
      "2 Kunde: '9' is in no row of Firmen.csv",
      "3 Datum: '2024-07-01' is no date; expected dd.MM.yyyy HH:mm or dd.MM.yyyy",
      "4 Betrag: '1,234' is no amount of EUR; expected an amount with at most 2 decimal places",
      '5 Stueck: is empty, and needed',
      "6 Grund: 'X' is none of K",
      '7 : an open offer needs a date',
      '8 Nr, Pos: is empty, and the key of the row',
      "9 Stueck: '1,5': expected a whole number",
      '10 : has 4 fields where the header has 10',
      '11 Kunde: is empty, and needed',
    ]);
    expect(port.fieldsOf('MakeOffer')).toEqual([]);
  });
});
