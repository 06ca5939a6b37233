import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROWS = 160_000;
const MIB = 1024 * 1024;

/** Keys are long, so that what waits to be collected is little beside what they take: 64 MB. Sorts, writes, reads and compares so many keys; prints what a process holds at most before and after. */
const program = `
  import { compareKeys, createKeySorter, directoryOutput, openKeyFile, readKeySet, writeKeySet } from '@loadin/bronze-writer';

  const [folder, rows] = process.argv.slice(2);
  const count = 1_000;
  const words = new Uint32Array(count * 4);
  const digests = { count, keys: new Uint8Array(words.buffer), hashes: new Uint8Array(words.buffer), texts: new Uint8Array(count * 364).fill(0x61), ends: new Int32Array(count) };
  const sorterOf = (seed, until) => {
    const sorter = createKeySorter({ key: ['id'], memoryBytes: 4 * 2 ** 20, spillDirectory: folder });
    let random = seed;
    for (let first = 0; first < until; first += count) {
      for (let n = 0; n < words.length; n++) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        words[n] = random;
      }
      for (let n = 0; n < count; n++) {
        new TextEncoder().encodeInto('["' + String(first + n).padStart(9, '0'), digests.texts.subarray(n * 364));
        new TextEncoder().encodeInto('"]', digests.texts.subarray((n + 1) * 364 - 2));
        digests.ends[n] = (n + 1) * 364;
      }
      sorter.add(digests);
    }
    return sorter;
  };
  const peak = () => process.resourceUsage().maxRSS * 1024;

  const before = peak();
  const earlier = sorterOf(7, Number(rows));
  const output = directoryOutput(folder, 'try');
  await writeKeySet(output, 'keys.parquet', earlier.sorted());
  await output.commit();
  earlier.close();
  const present = sorterOf(7, Number(rows) - 10_000);
  const file = await openKeyFile(folder + '/keys.parquet');
  const comparison = compareKeys(await readKeySet(file, 'keys.parquet'), present.sorted());
  let next = await comparison.next();
  for (; !next.done; next = await comparison.next());
  present.close();
  await file.close();
  console.log(JSON.stringify({ before, after: peak(), gone: next.value.gone, same: next.value.same }));
`;

/** As one file: nothing has to be built before. */
function bundled(folder: string): string {
  const require = createRequire(__filename);
  const file = join(folder, 'process.mjs');
  const flags = ['--bundle', '--platform=node', '--format=esm', '--conditions=@loadin/source', '--loader=ts', '--log-level=warning'];
  const made = spawnSync(require.resolve('esbuild/bin/esbuild'), [...flags, `--outfile=${file}`], { input: program, cwd: __dirname });
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return file;
}

describe('the memory for key sets', () => {
  it('is what the sorter may have, some row groups, and what waits to be collected; all keys in memory would be twice that', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loadin-keys-'));
    try {
      const { stdout, stderr } = spawnSync(process.execPath, [bundled(folder), folder, String(ROWS)]);
      expect(stderr.toString()).toBe('');
      const { before, after, ...found } = JSON.parse(stdout.toString()) as Record<string, number>;
      expect(found).toEqual({ gone: 10_000, same: ROWS - 10_000 });
      expect(Number(after) - Number(before)).toBeLessThan(160 * MIB);
      expect(readdirSync(folder).sort()).toEqual(['_loadin', 'keys.parquet', 'process.mjs']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
