import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalLambda } from './local-lambda.js';
import type { LocalLambda, LocalLambdaOptions } from './types.js';
import { zipOf, zipOfModule } from './zips.fixture.js';

let running: LocalLambda[] = [];
const start = (zip: Uint8Array | string, options: Omit<LocalLambdaOptions, 'zip'> = {}): LocalLambda => {
  const lambda = startLocalLambda({ zip, ...options });
  running.push(lambda);
  return lambda;
};
const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

afterEach(async () => {
  await Promise.all(running.map((lambda) => lambda.stop()));
  running = [];
});

describe('an invocation', () => {
  it('answers with what the handler returns, in an environment that stays warm', async () => {
    const lambda = start(zipOfModule('let n = 0; export const handler = async (event) => ({ n: ++n, hello: event.name });'));
    expect(await lambda.invoke({ name: 'é' })).toMatchObject({ payload: { n: 1, hello: 'é' }, coldStart: true });
    expect(await lambda.invoke({ name: 'b' })).toMatchObject({ payload: { n: 2, hello: 'b' }, coldStart: false });
    expect(lambda.stats).toEqual({ invocations: 2, coldStarts: 1, freezes: 2, kills: 0 });
  });

  it('answers null when the handler returns nothing', async () => {
    expect((await start(zipOfModule('export const handler = async () => {};')).invoke(undefined)).payload).toBeNull();
  });

  it('finds CommonJS handlers and handlers in folders', async () => {
    expect((await start(zipOf({ 'index.cjs': 'exports.handler = async () => 1;' })).invoke({})).payload).toBe(1);
    expect((await start(zipOf({ 'src/main.mjs': 'export const run = async () => 2;' }), { handler: 'src/main.run' }).invoke({})).payload).toBe(2);
  });

  it('gives the context of the invocation, with the time that remains', async () => {
    const source =
      'export const handler = async (event, c) => ({ left: c.getRemainingTimeInMillis(), name: c.functionName, mb: c.memoryLimitInMB, id: c.awsRequestId });';
    const { payload } = await start(zipOfModule(source), { timeoutMs: 60_000, memoryMB: 256, functionName: 'loadin-dev-consumer' }).invoke({});
    expect(payload).toMatchObject({ name: 'loadin-dev-consumer', mb: '256', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect((payload as { left: number }).left).toBeGreaterThan(50_000);
    expect((payload as { left: number }).left).toBeLessThanOrEqual(60_000);
  });

  it('passes on the given variables and nothing of the caller', async () => {
    process.env['LEAK'] = 'secret';
    const { payload } = await start(zipOfModule('export const handler = async () => process.env;'), {
      env: { AWS_REGION: 'eu-west-1', MINE: '1' },
    }).invoke({});
    delete process.env['LEAK'];
    expect(payload).toMatchObject({ MINE: '1', AWS_REGION: 'eu-west-1', _HANDLER: 'index.handler', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' });
    expect(Object.keys(payload as object).filter((name) => !/^(AWS_|LAMBDA_|_|PATH$|LANG$|TZ$|HOME$|TMPDIR$|MINE$|PWD$|SHLVL$)/.test(name))).toEqual(
      [],
    );
    expect((payload as Record<string, string>)['HOME']).not.toBe(process.env['HOME']);
  });

  it('returns the lines each invocation logged: console with its prefix, stdout as written', async () => {
    const lambda = start(
      zipOfModule(
        'console.log("init"); export const handler = async (e) => { process.stdout.write(`{"n":${e.n}}\\n`); console.error("bad %s", e.n); };',
      ),
    );
    const first = await lambda.invoke({ n: 1 });
    const second = await lambda.invoke({ n: 2 });
    expect(first.logs).toEqual([
      expect.stringMatching(/\tINFO\tinit$/),
      '{"n":1}',
      expect.stringMatching(/^\d{4}-.*Z\t[0-9a-f-]{36}\tERROR\tbad 1$/),
    ]);
    expect(second.logs).toEqual(['{"n":2}', expect.stringMatching(/\tERROR\tbad 2$/)]);
  });

  it('runs in environments of their own when several are invoked at once, up to the limit', async () => {
    const lambda = start(zipOfModule('export const handler = async () => { await new Promise((r) => setTimeout(r, 300)); return process.pid; };'), {
      concurrency: 2,
    });
    const both = [lambda.invoke({}), lambda.invoke({})];
    await expect(lambda.invoke({})).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    const [a, b] = await Promise.all(both);
    expect(a?.payload).not.toBe(b?.payload);
    expect(lambda.stats.coldStarts).toBe(2);
  });
});

describe('a failing function', () => {
  it('answers what the handler threw and stays warm', async () => {
    const lambda = start(zipOfModule('export const handler = async (e) => { if (e.bad) throw new TypeError("no"); return "yes"; };'));
    expect(await lambda.invoke({ bad: true })).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'TypeError', errorMessage: 'no', trace: expect.any(Array) },
    });
    expect(await lambda.invoke({})).toMatchObject({ payload: 'yes', coldStart: false });
  });

  it.each([
    ['a handler that is not exported', 'export const other = 1;', 'index.handler', 'Runtime.HandlerNotFound'],
    ['a file that does not exist', '', 'nowhere.handler', 'Runtime.ImportModuleError'],
    ['a syntax error', 'export const handler = (', 'index.handler', 'Runtime.UserCodeSyntaxError'],
    ['a handler name without a dot', '', 'handler', 'Runtime.MalformedHandlerName'],
    ['an error while the module loads', 'throw new RangeError("at load");', 'index.handler', 'RangeError'],
  ])('answers %s as an initialisation error, and starts cold again', async (_what, source, handler, errorType) => {
    const lambda = start(zipOfModule(source), { handler });
    expect(await lambda.invoke({})).toMatchObject({ functionError: 'Unhandled', payload: { errorType } });
    await lambda.invoke({});
    expect(lambda.stats.coldStarts).toBe(2);
  });

  it.each([
    [
      'exits',
      'process.exit(3)',
      { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/^RequestId: .* Error: Runtime exited with error: exit status 3$/) },
    ],
    [
      'exits without a reason',
      'process.exit(0)',
      { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('Runtime exited without providing a reason') },
    ],
    [
      'throws where nobody catches',
      'setTimeout(() => { throw new Error("late"); }); await new Promise(() => setTimeout(() => {}, 9e4))',
      { errorType: 'Error', errorMessage: 'late' },
    ],
    [
      'rejects where nobody catches',
      'Promise.reject(new Error("lost")); await new Promise(() => setTimeout(() => {}, 9e4))',
      { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'lost' },
    ],
  ])('that %s is answered so, and the next invocation starts cold', async (_what, statement, payload) => {
    const lambda = start(zipOfModule(`export const handler = async (e) => { if (e.go) { ${statement}; } return 'fine'; };`), { timeoutMs: 20_000 });
    expect(await lambda.invoke({ go: true })).toMatchObject({ functionError: 'Unhandled', payload });
    expect(await lambda.invoke({})).toMatchObject({ payload: 'fine', coldStart: true });
  });
});

describe('limits', () => {
  it('kills the process at its time-out, even when it blocks, and starts cold afterwards', async () => {
    const lambda = start(
      zipOfModule('process.on("SIGTERM", () => {}); export const handler = async (e) => { while (e.block); return process.pid; };'),
      { timeoutMs: 1_000 },
    );
    const { payload: pid } = await lambda.invoke({});
    const late = await lambda.invoke({ block: true });
    expect(late).toMatchObject({
      functionError: 'Unhandled',
      coldStart: false,
      payload: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) },
    });
    expect(isRunning(pid as number)).toBe(false);
    expect(await lambda.invoke({})).toMatchObject({ coldStart: true });
    expect(lambda.stats.kills).toBe(1);
  });

  it('keeps what was logged before the kill', async () => {
    const late = await start(zipOfModule('export const handler = async () => { process.stdout.write("begun\\n"); for (;;); };'), {
      timeoutMs: 500,
    }).invoke({});
    expect(late.logs).toEqual(['begun']);
  });

  it('kills a process that holds more memory than it was given', async () => {
    const source =
      'const kept = []; export const handler = async () => { for (;;) { kept.push(Buffer.alloc(8e6, 1)); await new Promise((r) => setTimeout(r, 2)); } };';
    const lambda = start(zipOfModule(source), { memoryMB: 192, timeoutMs: 30_000 });
    expect(await lambda.invoke({})).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/signal: /) },
    });
  });

  it('refuses an event over 6 MB and answers an error for such an answer', async () => {
    const lambda = start(zipOfModule('export const handler = async (e) => "x".repeat(e.n);'));
    await expect(lambda.invoke({ text: 'x'.repeat(6_300_000) })).rejects.toMatchObject({ name: 'RequestTooLargeException' });
    expect(await lambda.invoke({ n: 6_300_000 })).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    expect((await lambda.invoke({ n: 6_000_000 })).payload).toHaveLength(6_000_000);
  });

  it('refuses memory and time that Lambda does not offer, and what is no zip', () => {
    expect(() => startLocalLambda({ zip: zipOfModule(''), memoryMB: 64 })).toThrow('memoryMB is 64; Lambda allows 128 to 10240');
    expect(() => startLocalLambda({ zip: zipOfModule(''), timeoutMs: 900_001 })).toThrow(/timeoutMs is 900001/);
    expect(() => startLocalLambda({ zip: new TextEncoder().encode('not a zip') })).toThrow(/could not be unzipped/);
    expect(() => startLocalLambda({ zip: zipOf({ '../escape.mjs': '' }) })).toThrow(/lies outside/);
  });
});

describe('between invocations', () => {
  const ticking = 'let ticks = 0; setInterval(() => { ticks += 1; }, 5); export const handler = async () => ticks;';

  it('the process stands still', async () => {
    const lambda = start(zipOfModule(ticking));
    const before = (await lambda.invoke({})).payload as number;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = (await lambda.invoke({})).payload as number;
    expect(after - before).toBeLessThan(20); // 60 ticks would have passed
  });

  it('no process is left once it was stopped, and what it had unpacked is gone', async () => {
    const lambda = start(zipOfModule('export const handler = async () => ({ pid: process.pid, root: process.env.LAMBDA_TASK_ROOT });'));
    const { pid, root } = (await lambda.invoke({})).payload as { pid: number; root: string };
    expect(isRunning(pid)).toBe(true);
    await lambda.stop();
    expect(isRunning(pid)).toBe(false);
    expect(() => readFileSync(`${root}/index.mjs`)).toThrow(/ENOENT/);
    await expect(lambda.invoke({})).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('what the function started is stopped with it', async () => {
    const source = 'import { spawn } from "node:child_process"; export const handler = async () => spawn("/bin/sleep", ["600"]).pid;';
    const lambda = start(zipOfModule(source));
    const pid = (await lambda.invoke({})).payload as number;
    expect(isRunning(pid)).toBe(true);
    await lambda.stop();
    await until(() => isGone(pid));
  });

  it('dies with the process that started it, frozen and killed without notice though they are', async () => {
    // Node runs the TypeScript source, which imports only Node's own modules.
    const script = `
      import { startGroup } from ${JSON.stringify(join(__dirname, 'process-group.ts'))};
      const group = startGroup([process.execPath, '-e', 'setInterval(() => {}, 1e6)'], { cwd: '/', env: {}, output: 2 });
      group.freeze();
      console.log(group.pid);
      setInterval(() => {}, 1e6);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
    expect(isGone(pid)).toBe(false);
    parent.kill('SIGKILL');
    await until(() => isGone(pid));
  });
});

/** A killed process whose parent is gone stays a zombie where no init process collects it. */
function isGone(pid: number): boolean {
  if (!isRunning(pid)) return true;
  const status = `/proc/${pid}/status`;
  return existsSync(status) && /State:\s+Z/.test(readFileSync(status, 'utf8'));
}

/** Signals are delivered a moment after they were sent, and nothing tells when; Jest's own time-out ends a wait in vain. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
