import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coldImportTable, isWithinBudget, lambdaBundles } from './cold-import-report.js';
import { measureColdImport } from './cold-import.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cold import '));
});
afterEach(() => rmSync(dir, { recursive: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

describe('measureColdImport', () => {
  it('measures each import in a process of its own, whatever the module prints', () => {
    const slow = measureColdImport(
      file('slow.mjs', `console.log('1 line'); const end = performance.now() + 60; while (performance.now() < end);`),
      3,
    );
    expect(slow.runs).toHaveLength(3);
    expect(slow.fastestMs).toBeGreaterThanOrEqual(60);
    const [low, middle, high] = [...slow.runs].sort((a, b) => a - b);
    expect([slow.fastestMs, slow.medianMs, slow.slowestMs]).toEqual([low, middle, high]);
  });

  it('takes the mean of the two in the middle for an even number', () => {
    const { runs, medianMs } = measureColdImport(file('empty.mjs', ''), 2);
    expect(medianMs).toBeCloseTo(((runs[0] ?? 0) + (runs[1] ?? 0)) / 2);
  });

  it('does not wait for timers that a module leaves behind', () => {
    expect(measureColdImport(file('timer.mjs', 'setInterval(() => {}, 1e6);'), 1).runs).toHaveLength(1);
  });

  it('says why a module can not be imported', () => {
    expect(() => measureColdImport(file('broken.mjs', 'throw new Error("no luck");'), 1)).toThrow(/broken\.mjs could not be imported[^]*no luck/);
  });
});

describe('the report', () => {
  it('finds the Lambda functions of a workspace with their budgets', () => {
    const app = (name: string, loadin?: object): void => {
      mkdirSync(join(dir, 'apps', name, 'dist'), { recursive: true });
      file(`apps/${name}/package.json`, JSON.stringify({ loadin }));
    };
    app('consumer', { kind: 'lambda', maxBytes: 10, maxColdImportMs: 110 });
    app('command', { kind: 'cli' });
    app('plain');
    expect(lambdaBundles(dir)).toEqual([
      { app: 'consumer', file: join(dir, 'apps/consumer/dist/index.mjs'), bytes: undefined, maxBytes: 10, maxColdImportMs: 110 },
    ]);
    file('apps/consumer/dist/sizes.json', '{"start":2,"bytes":5,"apart":{}}');
    expect(lambdaBundles(dir)[0]?.bytes).toBe(5);
  });

  const measured = {
    app: 'consumer',
    file: '',
    bytes: 200_000,
    maxBytes: 300_000,
    medianMs: 30.04,
    maxColdImportMs: 110,
    fastestMs: 25,
    slowestMs: 41.26,
  };

  it('is a table with a verdict for each', () => {
    expect(
      coldImportTable([
        measured,
        { ...measured, app: 'no-budget', maxBytes: undefined, maxColdImportMs: undefined, medianMs: 300 },
        { ...measured, medianMs: 111 },
      ]).split('\n'),
    ).toEqual([
      'function    kB  at most  median ms  at most  fastest  slowest',
      'consumer   200      300       30.0      110     25.0     41.3  ok',
      'no-budget  200        -      300.0        -     25.0     41.3  ok',
      'consumer   200      300      111.0      110     25.0     41.3  OVER BUDGET',
    ]);
  });

  it('counts size and time', () => {
    expect([measured, { ...measured, bytes: 300_001 }, { ...measured, medianMs: 110.1 }].map(isWithinBudget)).toEqual([true, false, false]);
  });
});
