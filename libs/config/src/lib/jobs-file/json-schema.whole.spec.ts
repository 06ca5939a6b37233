import { expectAgreement, good, rich } from './changed-files.fixture.js';

describe('the JSON schema of the jobs file', () => {
  it.each([
    ['the built-in file', good],
    ['a file that says everything', rich],
  ])('agrees with the validator on %s with one thing changed, whatever it is', (_, file) => expectAgreement(file, 6_000), 120_000);
});
