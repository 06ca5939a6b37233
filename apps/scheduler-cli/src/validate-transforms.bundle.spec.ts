import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadin, type CommandResult } from './bundle.fixture.js';

jest.setTimeout(30_000);

interface Printed {
  ok: boolean;
  samples: { data_type: string; kind: string; ok: boolean; after: object | null; rejections: { path: string }[] }[];
  records: { where: string; data_type: string | null; ok: boolean }[];
}

describe('loadin validate-transforms', () => {
  let cwd: string;
  beforeAll(async () => (cwd = await mkdtemp(join(tmpdir(), 'loadin-validate-'))));
  afterAll(async () => rm(cwd, { recursive: true }));

  const run = (...args: string[]): Promise<CommandResult> => loadin(['validate-transforms', ...args], { cwd });
  const file = async (content: string | Buffer): Promise<string[]> => {
    await writeFile(join(cwd, 'records'), content);
    return ['--file', 'records'];
  };

  it('runs all transforms over the bundled samples, without a setting', async () => {
    const { status, stdout, stderr } = await run();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const type of ['artists', 'venues', 'events', 'attractions', 'tracks']) expect(stdout).toMatch(new RegExp(`^${type}: \\d+ samples$`, 'm'));
    expect(stdout).toMatch(/^ +local_date +dates\.start\.localDate "2026-05-03" +"2026-05-03"$/m);
    expect(stdout).toMatch(/^ +priceRanges\[0\]\.min +"cheap" +must be a decimal number, is "cheap"$/m);
    expect(stdout).toMatch(/\n\nAll \d+ samples do what they should\.\n$/);
  });

  it('prints one JSON document, of the types that are asked for', async () => {
    const { status, stdout } = await run('--json', '--type', 'tracks', '--type', 'attractions');
    const { ok, samples } = JSON.parse(stdout) as Printed;
    expect({ status, ok }).toEqual({ status: 0, ok: true });
    expect(new Set(samples.map(({ data_type }) => data_type))).toEqual(new Set(['attractions', 'tracks']));
    expect(samples.every(({ kind, after, rejections }) => (kind === 'wrong' ? rejections.length > 0 : after !== null))).toBe(true);
  });

  it('tries own records, one in each line or a page of them, and ends with status 1 when one is rejected', async () => {
    const lines = ['{"type":"event","id":"a"}', '', '[{"type":"venue","id":"b"},{"type":"venue"}]', '{"type":"show","id":"c"}'];
    const { status, stdout } = await run('--json', ...(await file(lines.join('\n'))));
    expect(status).toBe(1);
    expect((JSON.parse(stdout) as Printed).records.map(({ where, data_type, ok }) => [where, data_type, ok])).toEqual([
      ['1', 'events', true],
      ['3.1', 'venues', true],
      ['3.2', 'venues', false],
      ['4', null, false],
    ]);
    const page = JSON.stringify({ _embedded: { events: [{ id: 'a' }, { id: 'b' }] }, page: { number: 0 } });
    const typed = await run('--type', 'events', ...(await file(page)));
    expect({ status: typed.status, last: typed.stdout.trimEnd().split('\n').at(-1) }).toEqual({
      status: 0,
      last: '2 records: 2 accepted, 0 rejected.',
    });
  });

  it('tries landed pages, compressed as they lie there', async () => {
    const lines = [
      { landing: 2, pages: 1 },
      { request: {}, records: [{ type: 'artist', id: 'x' }] },
    ].map((line) => JSON.stringify(line));
    const { status, stdout } = await run('--json', ...(await file(gzipSync(lines.join('\n')))));
    expect(status).toBe(0);
    expect((JSON.parse(stdout) as Printed).records).toMatchObject([{ where: '2', data_type: 'artists', ok: true }]);
  });

  it.each<[string, string | undefined, string[], RegExp]>([
    ['a file that is not there', undefined, ['--file', 'nowhere'], /^The file can't be read: there is none\n {2}at nowhere\n {2}→ /],
    ['a folder', undefined, ['--file', '.'], /^The file can't be read: it is a folder\n/],
    ['a line that is no JSON', '{"id":"1"}\n{x\n', [], /^This is no JSON: .*\n {2}at records:2\n {2}→ /],
    ['a document that is no JSON', '{\n"id": x\n}', [], /^This is no JSON: .*\n {2}at records\n {2}→ /],
    ['an empty file', '\n', [], /^The file holds no record\n {2}at records\n {2}→ /],
    ['an unknown data type', undefined, ['--type', 'shows'], /^There is no data type "shows"\n {2}→ There are: artists, venues, /],
    ['several types for one file', '{}', ['--type', 'events', '--type', 'venues'], /^Records of a file can have one --type\n {2}→ /],
  ])('refuses %s in one screen, with status 2', async (_what, content, args, text) => {
    const { status, stdout, stderr } = await run(...args, ...(content === undefined ? [] : await file(content)));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(text);
    expect(stderr.split('\n').length).toBeLessThan(6);
  });
});
