import type { Attempt } from '@loadin/schedules';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRun } from './start-run.js';

describe('a run as a process of its own', () => {
  let dir: string;
  const said: string[] = [];
  const controller = new AbortController();
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'loadin start '));
    said.length = 0;
  });
  afterEach(() => rm(dir, { recursive: true }));

  /** `code` is the launcher; what it prints to stdout is the report. */
  async function run(code: string, signal: AbortSignal = controller.signal): Promise<Attempt> {
    const launcher = join(dir, 'loadin.mjs');
    await writeFile(launcher, code);
    const start = startRun({ program: [process.execPath, launcher], cwd: dir, env: { WORD: 'hello' }, say: (line) => void said.push(line) });
    return start('daily', '2026-03-01T02:00:00Z', signal);
  }
  const ends = (status: number, report: object | string = ''): string =>
    `process.stdout.write(${JSON.stringify(typeof report === 'string' ? report : JSON.stringify(report))}); process.exitCode = ${status};`;

  it('is the command for the job and its time, in the folder and with the settings of the scheduler', async () => {
    const code = `console.error([...process.argv.slice(2), process.env.WORD, process.cwd()].join(' '));`;
    expect(await run(code)).toEqual({ status: 'complete' });
    expect(said).toEqual([`daily | run daily --at 2026-03-01T02:00:00Z --json hello ${dir}`]);
  });

  it('hands on lines of metrics as they are', async () => {
    const metrics = '{"Job":"daily","RunsFailed":1,"_aws":{"Timestamp":1,"CloudWatchMetrics":[]}}';
    await run(`console.error('Failed: daily'); console.error(${JSON.stringify(metrics)}); ${ends(1)}`);
    expect(said).toEqual(['daily | Failed: daily', metrics]);
  });

  it.each<[string, string, Attempt]>([
    ['a complete run', ends(0, { status: 'complete' }), { status: 'complete' }],
    ['problems', ends(1, { status: 'failed', problems: ['one', 'two'] }), { status: 'failed', problem: 'one · two' }],
    ['wrong settings', `console.error('X is missing\\n  → set it'); ${ends(2)}`, { status: 'failed', problem: 'X is missing · → set it' }],
    ['very much', ends(1, { problems: ['x'.repeat(5_000)] }), { status: 'failed', problem: `${'x'.repeat(600)}…` }],
    [
      'a stop with a time',
      ends(3, { status: 'stopped', reason: 'quota', resume_after: '2026-03-02T00:00:00Z' }),
      { status: 'stopped', reason: 'quota', resumeAfter: '2026-03-02T00:00:00Z' },
    ],
    ['a stop without one', ends(3, { status: 'stopped', reason: 'deadline' }), { status: 'stopped', reason: 'deadline' }],
    ['a stop of which nothing can be read', `console.error('Oh'); ${ends(3, '{"sta')}`, { status: 'lost', problem: 'exit status 3: Oh' }],
    ['a status that is none of its own', ends(130), { status: 'lost', problem: 'exit status 130' }],
    ['a kill', `process.kill(process.pid, 'SIGKILL');`, { status: 'lost', problem: 'ended by SIGKILL' }],
  ])('that ends with %s is known as such', async (_how, code, attempt) => expect(await run(code)).toEqual(attempt));

  it('is told to stop once, by SIGTERM', async () => {
    const stopping = new AbortController();
    const running = run(
      `process.on('SIGTERM', () => { console.error('stopping'); ${ends(3, { reason: 'cancelled' })} clearInterval(timer); });
       const timer = setInterval(() => undefined, 1000); console.error('ready');`,
      stopping.signal,
    );
    while (!said.includes('daily | ready')) await new Promise((resolve) => setImmediate(resolve));
    stopping.abort();
    expect(await running).toEqual({ status: 'stopped', reason: 'cancelled' });
    expect(said).toEqual(['daily | ready', 'daily | stopping']);
  });

  it('that can not be started is an error', async () => {
    const start = startRun({ program: [join(dir, 'no-node'), 'x'], cwd: dir, env: {}, say: () => undefined });
    await expect(start('daily', '2026-03-01T02:00:00Z', controller.signal)).rejects.toThrow('ENOENT');
  });
});
