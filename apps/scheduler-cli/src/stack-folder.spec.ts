import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findStackFolder } from './stack-folder.js';

describe('the folder of the local stack', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'stack folder '));
    await mkdir(join(root, 'checkout/libs/jobs'), { recursive: true });
    await writeFile(join(root, 'checkout/package.json'), '{"name":"@loadin/source"}');
    await writeFile(join(root, 'checkout/libs/jobs/package.json'), '{"name":"@loadin/jobs"}');
  });
  afterEach(async () => rm(root, { recursive: true }));

  it('is that of the checkout in every folder of it', () => {
    const expected = join(root, 'checkout/.loadin');
    expect(['checkout', 'checkout/libs', 'checkout/libs/jobs'].map((folder) => findStackFolder(join(root, folder)))).toEqual(
      Array.from({ length: 3 }, () => expected),
    );
  });

  it('is the nearest in which a stack was started', async () => {
    await mkdir(join(root, 'checkout/libs/.loadin'));
    expect(findStackFolder(join(root, 'checkout/libs/jobs'))).toBe(join(root, 'checkout/.loadin'));
    await writeFile(join(root, 'checkout/libs/.loadin/stack.json'), '{}');
    expect(findStackFolder(join(root, 'checkout/libs/jobs'))).toBe(join(root, 'checkout/libs/.loadin'));
    expect(findStackFolder(join(root, 'checkout'))).toBe(join(root, 'checkout/.loadin'));
  });

  it('is in the current folder when there is nothing above', async () => {
    await writeFile(join(root, 'package.json'), 'no JSON');
    expect(findStackFolder(root)).toBe(join(root, '.loadin'));
  });
});
