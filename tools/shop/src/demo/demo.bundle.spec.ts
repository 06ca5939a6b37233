import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showDemo } from './demo.js';
import { openLake } from './lake.js';
import type { Stage } from './types.js';
import { LAUNCHER } from './workspace.js';

jest.setTimeout(180_000);

/** Four runs of the built command on real servers; what is shown says whether the lake has what the shop has. */
describe('the demonstration of bronze, with a small shop', () => {
  const dir = mkdtempSync(join(tmpdir(), 'loadin demo '));
  const said: string[] = [];
  let status: number;
  let stage: Stage;
  beforeAll(async () => {
    if (!existsSync(join(LAUNCHER, '../../dist/main.mjs')))
      throw new Error('These specifications run the built command. Build it with: npx nx build scheduler-cli');
    const stay = async (here: Stage): Promise<void> => void (stage = here);
    status = await showDemo({ dir: join(dir, 'state'), rows: 1_500, leaseSeconds: 1, say: (line) => void said.push(line), stay });
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const text = (): string => said.join('\n');
  const steps = (): string[] => text().split(/\n── \d\. /);

  it('ends well, and after each step the lake has what the shop has', () => {
    expect([status, status === 0 ? '' : text()]).toEqual([0, '']);
    const compared = steps().map((step) => [...step.matchAll(/ {2}(the same|NOT the same)$/gm)].map(([, verdict]) => verdict));
    expect(compared).toEqual([[], ...Array.from({ length: 3 }, () => Array.from({ length: 5 }, () => 'the same')), []]);
  });

  it('loads everything first, then what has changed, and says so in the lines that runbooks look for', () => {
    const [, full = '', changes = '', crash = ''] = steps();
    expect(full).toMatch(/^\[[-\d]+ [:\d]+\] Starting: Configuration Validation$/m);
    expect(full).toMatch(/^\[[-\d]+ [:\d]+\] Processing customers: Extracted 150 records$/m);
    expect(full).toMatch(/^customers +complete +full +150 +0 +0 +150 /m);
    expect(changes).toMatch(/^orders +complete +incremental /m);
    expect(crash).toMatch(/^Killed \(SIGKILL\): \d of 7 entities were committed, \d+ of their files to be seen/m);
    expect(crash).toMatch(/ · attempt 2 · complete in /);
  });

  it('leaves the files for later questions, and no process', async () => {
    const lake = await openLake(join(dir, 'state', 'lake'));
    expect(await lake.query('SELECT count(*) > 0 AS found FROM bronze_orders WHERE _deleted')).toEqual([{ found: 'true' }]);
    lake.close();
    const { port, folder } = stage.postgres;
    expect(existsSync(folder)).toBe(false);
    await expect(fetch(stage.aws.url)).rejects.toThrow();
    expect(spawnSync('sh', ['-c', `ps ax -o command | grep -F -- '-p ${port}' | grep -v grep`], { encoding: 'utf8' }).stdout).toBe('');
  });
});
