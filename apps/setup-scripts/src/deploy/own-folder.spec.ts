import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inOwnFolder, keepFolder } from './own-folder.js';

describe('the folder that the CDK writes to', () => {
  let workspace: string;
  beforeEach(() => (workspace = mkdtempSync(join(tmpdir(), 'own-folder-'))));
  afterEach(() => rmSync(workspace, { recursive: true }));
  const left = (): string[] => readdirSync(join(workspace, '.loadin/cdk.out'));

  it('is another one for each call, also of one environment at the same time, and is gone afterwards', async () => {
    const [first, second] = await Promise.all([
      inOwnFolder(workspace, 'dev', (folder) => inOwnFolder(workspace, 'dev', (other) => Promise.resolve([folder, other]))),
      inOwnFolder(workspace, 'dev', (folder) => Promise.resolve([folder])),
    ]);
    expect(new Set([...first, ...second]).size).toBe(3);
    expect(left()).toEqual([]);
  });

  it('is gone when the call fails', async () => {
    await expect(inOwnFolder(workspace, 'dev', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(left()).toEqual([]);
  });

  it('is kept where it is looked for, whole, in place of that of the call before', async () => {
    const keep = (name: string, text: string): Promise<string> =>
      inOwnFolder(workspace, 'dev', (folder) => {
        writeFileSync(join(folder, name), text);
        return Promise.resolve(keepFolder(folder, workspace, 'dev'));
      });
    const kept = await keep('a.template.json', '1');
    expect(kept).toBe(join(workspace, '.loadin/cdk.out/dev'));
    expect(await keep('b.template.json', '2')).toBe(kept);
    expect(existsSync(join(kept, 'a.template.json'))).toBe(false);
    expect(readFileSync(join(kept, 'b.template.json'), 'utf8')).toBe('2');
    expect(left()).toEqual(['dev']);
  });
});
