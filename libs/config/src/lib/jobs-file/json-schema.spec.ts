import Ajv from 'ajv';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkJobsFile } from './check.js';
import { DEFAULT_JOBS_FILE } from './default-jobs-file.js';
import { jobsFileSchema } from './json-schema.js';
import { SINKS, STREAM_KINDS } from './stream-options.js';

const accepts = new Ajv().compile(jobsFileSchema());
const good = parse(DEFAULT_JOBS_FILE) as Record<string, unknown>;

/** The value with the node at a place in it replaced; the key of that node changed when `rename` is set. */
function changed(value: unknown, place: number, replacement: unknown, rename: boolean): unknown {
  let left = place;
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map((child) => (left-- === 0 ? replacement : walk(child)));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, child]) => {
        if (left-- !== 0) return [key, walk(child)];
        return rename ? [`${key}s`, child] : [key, replacement];
      }),
    );
  };
  return walk(value);
}

describe('the JSON schema of the jobs file', () => {
  it('is the published one', () => {
    const published = readFileSync(join(import.meta.dirname, '../../../loadin.jobs.schema.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(jobsFileSchema())));
  });

  it('accepts the built-in jobs file', () => {
    expect([accepts(good), accepts.errors]).toEqual([true, null]);
  });

  it('agrees with the validator on files with one thing changed', () => {
    const known = { streams: STREAM_KINDS, sinks: SINKS };
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom<unknown>(1, 0, 30, 0.5, 'US', ['US'], ['US', 'US'], ['kinesis'], [], {}, 'cron(0 2 * * ? *)', 'rate(1 hour)', null, [
        'spotify.artists',
      ]),
    );
    const verdicts = { right: 0, wrong: 0 };
    fc.assert(
      fc.property(fc.nat(95), value, fc.boolean(), (place, replacement, rename) => {
        const data = changed(good, place, replacement, rename);
        // An override for a stream that the job lost is the file's own contradiction, which a schema can't see.
        const findings = checkJobsFile(data, known).filter(({ message }) => !message.startsWith('is not one of'));
        verdicts[findings.length === 0 ? 'right' : 'wrong']++;
        expect([data, accepts(data)]).toEqual([data, findings.length === 0]);
      }),
      { seed: 11, numRuns: 3000 },
    );
    expect(verdicts.right).toBeGreaterThan(100);
    expect(verdicts.wrong).toBeGreaterThan(1000);
  });
});
