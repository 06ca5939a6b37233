import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { copyRows, createLake, type Lake } from '../readers.fixture.js';
import { directoryOutput, writeCopyText, type DirectoryOutput } from '../../index.js';

const columns = [
  { name: 'id', type: 'bigint' },
  { name: 'day', type: 'date' },
];
const rowsOf = (count: number): string => copyRows(Array.from({ length: count }, (_, n) => [String(n), `2026-01-0${(n % 3) + 1}`]));
const filesUnder = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [relative(folder, join(entry.parentPath, entry.name))] : [],
      )
    : [];

describe('the output of a folder', () => {
  let lake: Lake;
  beforeEach(() => (lake = createLake()));
  afterEach(() => lake.remove());

  const attempt = async (...paths: string[]): Promise<DirectoryOutput> => {
    const output = directoryOutput(lake.root, 'try');
    for (const path of paths) {
      const object = await output.open(path);
      await object.write(Buffer.from(path));
      await object.close({});
    }
    return output;
  };

  it('shows nothing before it is committed, and then all', async () => {
    const output = directoryOutput(lake.root, 'try');
    const { parts } = await writeCopyText(lake.load({ output, partitionBy: 'day' }), columns, [Buffer.from(rowsOf(300))]);
    expect(filesUnder(join(lake.root, 'data'))).toEqual([]);
    await output.commit();
    expect(filesUnder(lake.root).sort()).toEqual(parts.map(({ path }) => path).sort());
    for (const { path, bytes } of parts) expect(readFileSync(join(lake.root, path))).toHaveLength(bytes);
  });

  it('removes what an attempt that was killed has left', async () => {
    const killed = directoryOutput(lake.root, 'try');
    await (await killed.open('a.parquet')).write(Buffer.from('half'));
    await (await attempt('b.parquet')).commit();
    expect(filesUnder(lake.root)).toEqual(['b.parquet']);
    await killed.abort();
  });

  describe('whose commit ends in the middle', () => {
    const obstacle = (): string => join(lake.root, 'b.parquet');
    beforeEach(async () => {
      mkdirSync(obstacle());
      await expect((await attempt('a.parquet', 'b.parquet', 'c.parquet')).commit()).rejects.toMatchObject({ code: 'EISDIR' });
      rmSync(obstacle(), { recursive: true });
      expect(filesUnder(lake.root)).toContain('a.parquet');
    });

    it('is replaced by the next attempt, which may have other files', async () => {
      await (await attempt('c.parquet', 'd.parquet')).commit();
      expect(filesUnder(lake.root).sort()).toEqual(['c.parquet', 'd.parquet']);
    });

    it('is replaced also when the next attempt has no files, and the one between them has failed', async () => {
      await (await attempt('e.parquet')).abort();
      await (await attempt()).commit();
      expect(filesUnder(lake.root)).toEqual([]);
    });
  });

  it('goes on with a commit that is called again', async () => {
    const output = await attempt('a.parquet', 'b.parquet', 'c.parquet');
    mkdirSync(join(lake.root, 'b.parquet'));
    await expect(output.commit()).rejects.toMatchObject({ code: 'EISDIR' });
    rmSync(join(lake.root, 'b.parquet'), { recursive: true });
    await output.commit();
    expect(filesUnder(lake.root).sort()).toEqual(['a.parquet', 'b.parquet', 'c.parquet']);
  });

  it('refuses to write a file twice', async () => {
    const output = await attempt('a.parquet');
    await expect(output.open('a.parquet')).rejects.toMatchObject({ action: 'fatal' });
  });
});
