import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { RunReport } from '@loadin/pipeline';
import { BUCKET } from '@loadin/specs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(30_000);

const DOCUMENT = 'logs/pipeline/ingestion/checkpoints.json';

describe.each([
  ['DynamoDB', undefined],
  ['S3', `s3://${BUCKET}/${DOCUMENT}`],
])('loadin state on %s, as a command on real servers', (_where, store) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    for (const day of ['01', '02']) await run(`2026-03-${day}T02:00:00Z`);
  });
  afterAll(() => world.close());

  const loadin = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    world.loadin(args, { ...(store && { CHECKPOINT_STORE: store }), ...env });
  const run = async (at: string): Promise<RunReport> =>
    JSON.parse((await loadin(['run', 'daily', '--stream', 'venues', '--at', at, '--json'])).stdout) as RunReport;
  const state = (...args: string[]) => loadin(['state', ...args]);
  const VENUES = ['daily', 'ticketmaster.venues'];
  const shown = async () =>
    JSON.parse((await state('show', ...VENUES, '--json')).stdout) as {
      checkpoint: Record<string, unknown>;
      history: { rev: number; value: Record<string, unknown> }[];
    };

  it('shows a checkpoint with the states that runs have given it', async () => {
    const { stdout, status } = await state('show', ...VENUES);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^daily ticketmaster\.venues\n\{\n {2}"last_sync_timestamp": "2026-03-02T02:00:00Z",/);
    expect(stdout).toMatch(/\n +2 {2}[^\n]* 2026-03-02 02:00:00 UTC [^\n]* current\n +1 {2}[^\n]* 2026-03-01 02:00:00 UTC /);
    for (const all of [['show'], ['show', 'daily']])
      expect((await state(...all)).stdout).toMatch(/\ndaily +ticketmaster\.venues +2026-03-02 02:00:00 UTC /);
  });

  it('edits fields, and refuses what is no checkpoint, is empty or goes backward unless it is forced', async () => {
    const edited = await state('edit', ...VENUES, '--set', 'last_sync_timestamp=2026-03-03T02:00:00', '--set', 'owner=team b');
    expect(edited.stdout).toMatch(/last_sync_timestamp +"2026-03-02T02:00:00Z" +→ +"2026-03-03T02:00:00Z"\n/);
    for (const [set, text] of [
      ['last_sync_timestamp=yesterday', 'it must be a time like'],
      ['last_sync_timestamp=null', 'would be empty'],
      ['last_sync_timestamp=2026-03-01', 'would go backward'],
    ] as const) {
      const { status, stdout, stderr } = await state('edit', ...VENUES, '--set', set);
      expect({ set, status, stdout, stderr }).toEqual({ set, status: 2, stdout: '', stderr: expect.stringContaining(text) });
    }
    expect((await shown()).checkpoint).toMatchObject({ last_sync_timestamp: '2026-03-03T02:00:00Z', owner: 'team b' });
    expect((await state('edit', ...VENUES, '--set', 'last_sync_timestamp=2026-03-02T02:00:00Z', '--force')).status).toBe(0);
  });

  it('opens an editor without --set', async () => {
    const editor = join(world.dir, 'editor.sh');
    await writeFile(editor, '#!/bin/sh\nsed -i.bak "s/team b/$2/" "$3"\n');
    await chmod(editor, 0o755);
    const { stdout, stderr, status } = await loadin(['state', 'edit', ...VENUES], { EDITOR: `'${editor}' --to "team c"` });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/owner +"team b" +→ +"team c"\n/);
    const broken = await loadin(['state', 'edit', ...VENUES], { EDITOR: 'echo "{" >' });
    expect({ status: broken.status, text: broken.stderr }).toEqual({
      status: 2,
      text: expect.stringMatching(/^What you wrote can't be taken: [^]*Your text is still there/),
    });
    expect((await state('edit', ...VENUES)).stderr).toMatch(/^There is no editor to open\n {2}→ Set EDITOR/);
  });

  it('restores a revision, resets with --yes, and the next run moves on from there', async () => {
    expect((await state('restore', ...VENUES, '1')).stderr).toMatch(/^The checkpoint would go backward/);
    expect((await state('restore', ...VENUES, '1', '--force')).status).toBe(0);
    expect((await shown()).checkpoint).toMatchObject({ last_sync_timestamp: '2026-03-01T02:00:00Z' });
    const asked = await state('reset', ...VENUES);
    expect({ status: asked.status, text: asked.stderr }).toEqual({
      status: 2,
      text: expect.stringMatching(/2026-03-01T02:00:00Z, would be forgotten; nothing was done\n {2}→ [^\n]*--yes/),
    });
    expect((await state('reset', ...VENUES, '--yes')).status).toBe(0);
    expect((await state('show')).stdout).toMatch(/\ndaily +ticketmaster\.venues +– +0 +–\n/);
    expect(await run('2026-02-28T02:00:00Z')).toMatchObject({ status: 'complete' });
    const { checkpoint, history } = await shown();
    expect(checkpoint).toMatchObject({ last_sync_timestamp: '2026-02-28T02:00:00Z' });
    expect(history.map(({ rev }) => rev)).toEqual(history.map((_, index) => index + 1));
    expect(history.at(-2)?.value['last_sync_timestamp']).toBeNull();
  });

  it.each([
    ['a job without a checkpoint', ['show', 'weekly'], /^The job weekly has no checkpoint\n {2}at .*\n {2}→ These are there: loadin state show\.$/m],
    ['a stream that is none', ['show', 'daily', 'nothing.here'], /^There is no checkpoint of daily nothing\.here/],
    ['a revision that is none', ['restore', 'daily', 'ticketmaster.venues', '99'], /^The checkpoint has no revision 99/],
    ['a revision that is no number', ['restore', 'daily', 'ticketmaster.venues', 'last'], /^The revision is "last"/],
    ['a field without a value', ['edit', 'daily', 'ticketmaster.venues', '--set', 'owner'], /^"owner" is not field=value/],
  ])('refuses %s with status 2', async (_what, args, text) => {
    const { stdout, stderr, status } = await state(...args);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(text);
  });

  if (store !== undefined)
    it('takes an edit of the document by hand for a state like any other', async () => {
      const { Body } = await world.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: DOCUMENT }));
      const text = ((await Body?.transformToString()) ?? '').replace('2026-02-28T02:00:00Z', '2026-02-20');
      await world.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: DOCUMENT, Body: text }));
      expect((await state('show', ...VENUES)).stdout).toMatch(/ 2026-02-20 00:00:00 UTC [^\n]* current, written by hand/);
    });
});
