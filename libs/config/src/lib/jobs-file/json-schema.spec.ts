import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accepts, expectAgreement, good, rich } from './changed-files.fixture.js';
import { jobsFileSchema } from './json-schema.js';

describe('the JSON schema of the jobs file', () => {
  it('is the published one', () => {
    const published = readFileSync(join(import.meta.dirname, '../../../loadin.jobs.schema.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(jobsFileSchema())));
  });

  it('accepts the built-in jobs file', () => {
    expect([accepts(good), accepts.errors]).toEqual([true, null]);
  });

  it('accepts a file that says everything', () => {
    expect([accepts(rich), accepts.errors]).toEqual([true, null]);
  });

  it.each([
    ['the built-in file', good],
    ['a file that says everything', rich],
  ])('agrees with the validator on %s with one thing changed', (_name, file) => {
    expectAgreement(file, 800);
  });
});
