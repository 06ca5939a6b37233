import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checks } from '../checks/checks.js';
import { judge } from './judge.js';
import { mutated, sourceOf, type Mutant } from './mutant.js';
import { mutants } from './mutants.js';
import { bundleInto } from './programs.js';

jest.setTimeout(120_000);

const named = (name: string): Mutant => mutants.find((mutant) => mutant.name === name) as Mutant;
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe('mutants', () => {
  it('are more than twelve, with names of their own', () => {
    expect(mutants.length).toBeGreaterThan(12);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('fit the code as it is: %s', (_, mutant) => {
    const source = sourceOf(mutant);
    expect(mutated(source, mutant)).not.toBe(source);
    expect(checks.map(({ name }) => name)).toContain(mutant.caughtBy);
  });

  it.each([
    ['nowhere', 'a text that nobody wrote'],
    ['more than once', 'return'],
  ])('are refused when their text stands there %s', (_, text) => {
    const stale: Mutant = { ...named('dead letter dropped'), name: 'old', replace: [[text, '']] };
    expect(() => mutated(sourceOf(stale), stale)).toThrow(
      /the mutant "old" has gone stale: libs\/pipeline\/src\/slices\/dead-letters.ts has this text \d+ times, not once/,
    );
  });

  it('are refused when their file is no part of what is run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loadin mutant '));
    folders.push(folder);
    const elsewhere: Mutant = { ...named('completion not repeated'), name: 'elsewhere', driver: 'keys' };
    await expect(bundleInto(folder, { mutant: elsewhere, driver: 'keys' })).rejects.toThrow(
      '"elsewhere" has gone stale: libs/s3-sink/src/lib/uploads/pending-uploads.ts is no part of what is run',
    );
  });

  it.each(['completion not repeated', 'dead letter dropped'])('are caught: %s', async (name) => {
    const { caught, sound, finding } = await judge(named(name));
    expect({ caught, sound, finding }).toEqual({ caught: true, sound: true, finding: expect.any(String) });
  });

  it('that break nothing escape', async () => {
    const harmless: Mutant = { ...named('completion not repeated'), replace: [[`return { state: 'none' };`, `return { state: ('none') };`]] };
    expect(await judge(harmless)).toMatchObject({ caught: false, sound: true, finding: undefined });
  });
});
