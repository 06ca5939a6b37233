import { KNOWN } from './known.js';
import { JobsFileError } from './jobs-file-error.js';
import { parseJobsFile } from './parse-jobs-file.js';

const parse = (text: string) => parseJobsFile(text, 'loadin.jobs.yaml');
function linesOf(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof JobsFileError) return error.problems.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`);
    throw error;
  }
  return [];
}

const BRONZE = `version: 1
streams:
  postgres.orders: { table: public.orders, key: [id], cursor: updated_at }
  payments.payments: { event_date: created_at }
jobs:
  bronze: { streams: [postgres.orders, payments.payments], sinks: [s3_bronze] }
`;
const withTable = (options: string): string => BRONZE.replace('table: public.orders, key: [id], cursor: updated_at', options);

describe('a bronze job of a jobs file', () => {
  it('reads tables and APIs, each with its options', () => {
    expect(parse(BRONZE).jobs.get('bronze')).toEqual({
      name: 'bronze',
      schedule: undefined,
      sinks: ['s3_bronze'],
      sinkOptions: {},
      streams: [
        {
          id: 'postgres.orders',
          options: {
            table: 'public.orders',
            key: ['id'],
            cursor: 'updated_at',
            cursor_kind: 'time',
            mode: 'incremental',
            contract: 'evolve',
            hard_deletes: false,
            max_rejected: 0.01,
            expect: [],
          },
        },
        { id: 'payments.payments', options: { event_date: 'created_at', contract: 'evolve', max_rejected: 0.01, expect: [] } },
      ],
    });
  });

  it('may read a table otherwise than other jobs do', () => {
    const file = `${BRONZE}  weekly: { streams: [postgres.orders], sinks: [s3_bronze], overrides: { postgres.orders: { mode: full } } }\n`;
    expect(parse(file).jobs.get('weekly')?.streams[0]?.options).toMatchObject({ mode: 'full', cursor: 'updated_at' });
  });

  it.each([
    ['postgres.Orders', 'is no stream ("postgres.Orders"): postgres.{name} has a name of small letters, digits and _, a letter first'],
    ['postgres.', 'is no stream ("postgres."): postgres.{name} has a name of small letters, digits and _, a letter first'],
    ['postgre.orders', 'is no stream ("postgre.orders"): did you mean postgres.orders?'],
    ['payment.payments', 'is no stream ("payment.payments"): did you mean payments.payments?'],
    ['shipments', 'is no stream ("shipments"): there are spotify.artists, spotify.tracks, '],
  ])('has no stream %s', (id, message) => {
    expect(linesOf(BRONZE.replace('[postgres.orders,', `[postgres.orders, ${id},`))[0]).toMatch(`6:40 jobs.bronze.streams.1 ${message}`);
  });

  it('needs a table and a key, and knows a name that is nearly one of the file', () => {
    expect(linesOf(BRONZE.replace('[postgres.orders', '[postgres.ordrs, postgres.orders'))).toEqual([
      '6:23 jobs.bronze.streams.0 has nothing to read: give table and key under streams or overrides (postgres.ordrs); did you mean postgres.orders?',
    ]);
    expect(linesOf(withTable('table: orders'))).toEqual([
      '6:23 jobs.bronze.streams.0 has nothing to read: give key under streams or overrides (postgres.orders)',
    ]);
  });

  it('needs no key of a table that is read in full, unless it is to find what is gone', () => {
    expect(linesOf(withTable('table: log, mode: full'))).toEqual([]);
    expect(linesOf(withTable('table: log, mode: full, hard_deletes: true'))[0]).toMatch(/has nothing to read: give key /);
  });

  it('goes to s3_bronze alone, and nothing else goes there', () => {
    expect(linesOf(BRONZE.replace('[s3_bronze]', '[s3_bronze, s3_raw]'))).toEqual([
      "6:79 jobs.bronze.sinks.1 can't take postgres.orders, which goes to s3_bronze alone: give it a job of its own",
    ]);
    expect(
      linesOf(
        BRONZE.replace('streams:\n', 'streams:\n  ticketmaster.venues: { countries: [SE] }\n').replace('[postgres.orders,', '[ticketmaster.venues,'),
      ),
    ).toEqual([
      "7:72 jobs.bronze.sinks.0 can't take ticketmaster.venues: it is for postgres.{name}, payments.payments, shipments.shipments: give it a job of its own",
    ]);
  });

  it('has one folder for each entity, in all jobs of the file', () => {
    const file = `${BRONZE.replace('jobs:', '  postgres.payments: { table: payments, key: [id] }\njobs:')}  other: { streams: [postgres.payments], sinks: [s3_bronze] }\n`;
    expect(linesOf(file)).toEqual([
      '8:22 jobs.other.streams.0 would be written to the folder of payments.payments, payments: give one another name (postgres.payments)',
    ]);
  });

  it.each([
    ['table: o, key: [id], cursor_kind: time', '3:56 streams.postgres.orders.cursor_kind says something of a cursor, and there is none'],
    ['table: o, mode: full, slices: 4', '3:52 streams.postgres.orders.slices are cut by the key, and there is none'],
    ['table: o, key: [id], time_zone: UTC', '3:54 streams.postgres.orders.time_zone says something of a cursor, and there is none'],
    ['table: o, key: [id], cursor: c, time_zone: Mars/Base', '3:65 streams.postgres.orders.time_zone is no time zone: "Mars/Base"'],
    [
      'table: o, key: [id], cursor: c, look_back_numbers: 9',
      '3:73 streams.postgres.orders.look_back_numbers is for a cursor_kind of number; give look_back_minutes',
    ],
    [
      'table: o, key: [id], cursor: c, cursor_kind: number, look_back_minutes: 9',
      '3:94 streams.postgres.orders.look_back_minutes is for a cursor_kind of time; give look_back_numbers',
    ],
    ['table: o, key: [id], cursor: c, columns: [c, x]', '3:63 streams.postgres.orders.columns lacks id, which is named as key'],
    ['table: o, key: [id], columns: [id], event_date: day', '3:52 streams.postgres.orders.columns lacks day, which is named as event_date'],
  ])('has no table of { %s }', (options, line) => {
    expect(linesOf(withTable(options))).toEqual([`${line} (postgres.orders in the job bronze)`]);
  });

  it.each([
    ['table: o, key: []', '3:32 streams.postgres.orders.key must be a list of different names of columns, at least one'],
    ['table: o, key: id', '3:32 streams.postgres.orders.key must be a list: write [id]'],
    ['table: o, key: [id], cursr: c', '3:43 streams.postgres.orders.cursr is not known here: did you mean cursor?'],
    ['table: o, key: [id], contract: loose', '3:53 streams.postgres.orders.contract must be evolve or freeze or quarantine'],
    ['table: o, key: [id], slices: 0', '3:53 streams.postgres.orders.slices must be a whole number from 1 to 32'],
    ['table: o, key: [id], compression: gzip', '3:56 streams.postgres.orders.compression must be zstd or snappy'],
  ])('says what is wrong with { %s }, at its place', (options, line) => {
    const [found = ''] = linesOf(withTable(options));
    expect(found.replace(/^\d+:\d+ /, '')).toBe(line.replace(/^\d+:\d+ /, ''));
    expect(found).toMatch(/^3:\d+ /);
  });

  describe('expects of an entity', () => {
    const expecting = (list: string): string => withTable(`table: o, key: [id], expect: [${list}]`);

    it('what its list says', () => {
      const list = '{ check: not_null, column: id }, { check: range, column: total, min: 0, severity: stop }';
      expect(parse(expecting(list)).jobs.get('bronze')?.streams[0]?.options).toMatchObject({
        expect: [
          { check: 'not_null', column: 'id' },
          { check: 'range', column: 'total', min: 0, severity: 'stop' },
        ],
      });
    });

    it.each([
      ['{ column: id }', 'expect.0 lacks check'],
      [
        '{ check: nonull, column: id }',
        'expect.0.check must be not_null or unique or range or regex or allowed_values or freshness or row_count_change or reference',
      ],
      ['{ check: regex, column: id, patern: x }', 'expect.0.patern is not known here: did you mean pattern?'],
      ['{ check: reference, column: id, entity: payment }', 'expect.0.entity is no entity of a job: did you mean payments?'],
      ['{ check: reference, column: id, entity: customers }', 'expect.0.entity is no entity of a job: there are orders, payments'],
    ])('nothing like %s', (list, message) => {
      const [found = ''] = linesOf(expecting(list));
      expect(found.replace(/^3:\d+ streams\.postgres\.orders\./, '')).toBe(message);
    });

    it('what a check does not have, where somebody knows: at its place in the file, also in that of an override', () => {
      const expectations = (): { path: (string | number)[]; message: string }[] => [{ path: [1, 'max'], message: 'is below min' }];
      const list = 'expect: [{ check: not_null, column: id }, { check: range, column: id, min: 2, max: 1 }]';
      const linesKnowing = (text: string): string[] => {
        try {
          parseJobsFile(text, 'loadin.jobs.yaml', { ...KNOWN, expectations });
          return [];
        } catch (error) {
          return error instanceof JobsFileError
            ? error.problems.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`)
            : [String(error)];
        }
      };
      expect(linesKnowing(withTable(`table: o, key: [id], ${list}`))).toEqual(['3:126 streams.postgres.orders.expect.1.max is below min']);
      const inJob = BRONZE.replace('sinks: [s3_bronze] }', `sinks: [s3_bronze], overrides: { postgres.orders: { ${list} } } }`);
      expect(linesKnowing(inJob)[0]).toMatch(/^6:\d+ jobs\.bronze\.overrides\.postgres\.orders\.expect\.1\.max is below min$/);
    });
  });
});
