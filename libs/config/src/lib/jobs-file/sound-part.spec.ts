import fc from 'fast-check';
import { JobsFileError } from './jobs-file-error.js';
import { KNOWN, type Known } from './known.js';
import { parseJobsFile } from './parse-jobs-file.js';

/** As the library of expectations does: looks at patterns, whatever else a list may be. */
const expectations: Known['expectations'] = (list) =>
  (list as readonly Record<string, unknown>[]).flatMap(({ check, column, pattern }, index) => [
    ...(check !== undefined && column === undefined ? [{ path: [index, 'column'], message: 'is missing' }] : []),
    ...(check === undefined ? [{ path: [index, 'check'], message: 'is missing' }] : []),
    ...(pattern === '(' ? [{ path: [index, 'pattern'], message: 'is no regular expression' }] : []),
  ]);

function linesOf(text: string): string[] {
  try {
    parseJobsFile(text, 'loadin.jobs.yaml', { ...KNOWN, expectations });
  } catch (error) {
    if (error instanceof JobsFileError) return error.problems.map(({ line, path, message }) => `${line} ${path} ${message}`);
    throw error;
  }
  return [];
}

const FILE = `version: 1
streams:
  postgres.customers: { table: public.customers, key: [id] }
  postgres.orders:
    table: public.orders
    key: [id]
    expect:
      - { check: regex, column: email, pattern: '^.+$' }
      - { check: reference, column: customer_id, entity: customers }
jobs:
  bronze: { streams: [postgres.customers, postgres.orders], sinks: [s3_bronze] }
  daily: { schedule: cron(0 2 * * ? *), streams: [spotify.artists], sinks: [s3_raw], overrides: { spotify.artists: { ids: [4Z8W4fKeB5YxbusRsdQVPb] } } }
`;
const changed = (...changes: readonly (readonly [string, string])[]): string =>
  changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(from);
    return text.replace(from, to);
  }, FILE);

describe('all that is wrong with a jobs file', () => {
  it('is said at once: slips of writing, and what does not go together', () => {
    expect(linesOf(FILE)).toEqual([]);
    const lines = linesOf(
      changed(
        ['table: public.customers, key: [id]', 'table: public.customers, kee: [id]'],
        ["pattern: '^.+$'", "pattern: '('"],
        ['entity: customers', 'entity: custmers'],
        ['sinks: [s3_bronze]', 'sinks: [s3_bronze, s3_raw]'],
        ['schedule: cron(0 2 * * ? *)', 'schedule: daily, time_zone: Mars'],
      ),
    );
    expect(lines).toEqual([
      '3 streams.postgres.customers.kee is not known here: did you mean key?',
      '8 streams.postgres.orders.expect.0.pattern is no regular expression',
      '9 streams.postgres.orders.expect.1.entity is no entity of a job: did you mean customers?',
      expect.stringMatching(/^11 jobs\.bronze\.sinks\.1 can't take postgres\.customers/),
      expect.stringMatching(/^12 jobs\.daily\.schedule must be/),
      '12 jobs.daily.time_zone is no time zone: "Mars"',
    ]);
  });

  it('is said once: what follows from a slip is not counted beside it', () => {
    expect(linesOf(changed(['table: public.customers', 'tabel: public.customers']))).toEqual([
      '3 streams.postgres.customers.tabel is not known here: did you mean table?',
    ]);
    expect(linesOf(changed(['check: regex, column', 'check: regex, colum']))).toEqual([
      '8 streams.postgres.orders.expect.0.colum is not known here: did you mean column?',
    ]);
    expect(linesOf(changed(['check: regex, column: email,', 'column: email,']))).toEqual(['8 streams.postgres.orders.expect.0 lacks check']);
    expect(linesOf(changed(['- { check: regex', '- regex\n      - { check: regex']))).toEqual([
      expect.stringMatching(/^8 streams\.postgres\.orders\.expect\.0 must be a mapping/),
    ]);
  });

  it('leaves open what depends on a name that is wrong', () => {
    expect(linesOf(changed(['streams: [postgres.customers', 'streams: [postgress.customers']))).toEqual([
      '11 jobs.bronze.streams.0 is no stream ("postgress.customers"): did you mean postgres.customers?',
    ]);
    expect(linesOf(changed(['sinks: [s3_bronze]', 'sinks: [bronze]']))).toEqual([expect.stringMatching(/^11 jobs\.bronze\.sinks\.0 is no sink/)]);
    expect(linesOf(FILE.replace(/ {2}bronze: .*\n/, '  bronze: all\n'))).toEqual(['11 jobs.bronze must be a mapping with streams and sinks']);
  });

  it('is an error of the file, whatever stands in it', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constant([{ check: 'regex', column: 7 }]), fc.constant({ 'postgres.orders': [] }));
    const file = fc.record(
      {
        version: fc.constant(1),
        sinks: value,
        streams: fc.oneof(
          value,
          fc.dictionary(fc.constantFrom('postgres.orders', 'spotify.artists', 'x'), fc.record({ table: value, expect: value })),
        ),
        jobs: fc.oneof(value, fc.dictionary(fc.constantFrom('bronze', 'daily'), fc.record({ streams: value, sinks: value, overrides: value }))),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(file, (data) => {
        linesOf(JSON.stringify(data));
      }),
    );
  });
});
