import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge } from './judge.js';
import type { Mutant } from './mutant.js';
import { mutants } from './mutants.js';
import { bundleInto } from './programs.js';

jest.setTimeout(120_000);

const named = (name: string): Mutant => mutants.find((mutant) => mutant.name === name) as Mutant;
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

describe('mutants', () => {
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
