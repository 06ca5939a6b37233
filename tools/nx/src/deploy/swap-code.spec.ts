import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shaOf, startLambdaApi, type FakeFunction, type LambdaApi } from './lambda-api.fixture.js';

const NEW = Buffer.from('the new zip');
const OLD = shaOf(Buffer.from('the old zip'));

describe('code alone', () => {
  let dir: string;
  let functions: Map<string, FakeFunction>;
  let api: LambdaApi;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'swap-code-'));
    writeFileSync(join(dir, 'function.zip'), NEW);
    functions = new Map([['ingestion', { sha: OLD, updating: 0, versions: [OLD], aliases: new Map([['live', '1']]) }]]);
    api = await startLambdaApi(functions);
  });
  afterEach(() => {
    api.server.close();
    rmSync(dir, { recursive: true });
  });

  async function swap(...wanted: { name: string; alias?: string }[]): Promise<unknown> {
    const env = {
      PATH: process.env['PATH'],
      HOME: dir,
      AWS_ENDPOINT_URL: api.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'y',
    };
    const child = spawn(process.execPath, [join(__dirname, 'swap.fixture.mjs'), join(dir, 'function.zip'), JSON.stringify(wanted)], { env });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await new Promise((resolve) => child.on('close', resolve));
    return JSON.parse(printed);
  }

  it('is put in, becomes a version once AWS is done with it, and the alias points there', async () => {
    expect(await swap({ name: 'ingestion', alias: 'live' })).toEqual({ swapped: [{ name: 'ingestion', changed: true, version: '2' }] });
    expect(functions.get('ingestion')).toMatchObject({ sha: shaOf(NEW), versions: [OLD, shaOf(NEW)], aliases: new Map([['live', '2']]) });
    // Two looks: one while it was being updated, and one that found it done.
    expect(api.calls).toEqual([
      ...['GET configuration', 'PUT code', 'GET configuration', 'GET configuration'],
      ...['POST versions', 'GET aliases/live', 'PUT aliases/live'],
    ]);
  });

  it('changes nothing where the function has it already', async () => {
    await swap({ name: 'ingestion', alias: 'live' });
    api.calls.length = 0;
    expect(await swap({ name: 'ingestion', alias: 'live' })).toEqual({ swapped: [{ name: 'ingestion', changed: false, version: '2' }] });
    expect(api.calls.filter((call) => call.startsWith('PUT'))).toEqual([]);
  });

  it('moves the alias too where an earlier try got no further than the code', async () => {
    functions.set('ingestion', { sha: shaOf(NEW), updating: 0, versions: [OLD], aliases: new Map([['live', '1']]) });
    expect(await swap({ name: 'ingestion', alias: 'live' })).toEqual({ swapped: [{ name: 'ingestion', changed: true, version: '2' }] });
  });

  it('waits for a change of somebody else before its own', async () => {
    functions.set('ingestion', { sha: OLD, updating: 3, versions: [], aliases: new Map() });
    expect(await swap({ name: 'ingestion' })).toEqual({ swapped: [{ name: 'ingestion', changed: true }] });
    expect(api.calls.slice(0, 5)).toEqual(['GET configuration', 'GET configuration', 'GET configuration', 'GET configuration', 'PUT code']);
  });

  it('names the function that is not there', async () => {
    expect(await swap({ name: 'bronze', alias: 'live' })).toEqual({
      error: 'DeployError: there is no function bronze: code alone can be swapped only where the app has been deployed; leave out --code-only',
    });
  });

  it('passes over a function that the environment lacks, when it has another one', async () => {
    for (const wanted of [
      ['bronze', 'ingestion'],
      ['ingestion', 'bronze'],
    ]) {
      functions.set('ingestion', { sha: OLD, updating: 0, versions: [OLD], aliases: new Map([['live', '1']]) });
      expect(await swap(...wanted.map((name) => ({ name, alias: 'live' })))).toEqual({
        swapped: [{ name: 'ingestion', changed: true, version: '2' }],
      });
    }
  });

  it("leaves the alias where it is when AWS can't use the code, and says why", async () => {
    functions.set('ingestion', { sha: OLD, updating: 0, ends: 'Failed', versions: [OLD], aliases: new Map([['live', '1']]) });
    expect(await swap({ name: 'ingestion', alias: 'live' })).toEqual({
      error: 'DeployError: AWS could not update ingestion: The zip has no index.mjs',
    });
    expect(functions.get('ingestion')?.aliases.get('live')).toBe('1');
  });
});
