import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readmeDifferences } from './readme.js';

const EXAMPLE = `import { readLake } from '@loadin/lake';
import { join } from 'node:path';

const lake = readLake(join('somewhere', 'in', 'a', 'folder')); // opens nothing yet

for (const { key, size } of lake.objectsOfAllDataTypes()) {
  // The largest ones are the ones of events.
  if (size > 1_000_000) console.log('a large object', key, size);
}
console.log(lake.numberOfObjects, lake.numberOfBytes, lake.numberOfRecords);
`;

const SPEC = `import { join } from 'node:path';
import { readLake, type Lake } from './index.js';

it('works', () => {
  const console = { log: () => undefined };
  // example
  const lake = readLake(join('somewhere', 'in', 'a', 'folder')); // opens nothing yet

  for (const { key, size } of lake.objectsOfAllDataTypes()) {
    // The largest ones are the ones of events.
    if (size > 1_000_000) console.log('a large object', key, size);
  }
  console.log(lake.numberOfObjects, lake.numberOfBytes, lake.numberOfRecords);
  // end
});
`;

describe('readmeDifferences', () => {
  let project: string;
  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), 'loadin readme '));
    await mkdir(join(project, 'src'));
    await writeFile(join(project, 'package.json'), '{ "name": "@loadin/lake" }');
  });
  afterEach(() => rm(project, { recursive: true }));

  const differences = async (example: string, spec = SPEC): Promise<string[]> => {
    await writeFile(join(project, 'README.md'), `# Lake\n\n\`\`\`sh\nls\n\`\`\`\n\n\`\`\`ts\n${example}\`\`\`\n\n\`\`\`ts\nother();\n\`\`\`\n`);
    const file = join(project, 'src/readme-example.spec.ts');
    await writeFile(file, spec);
    return readmeDifferences(file);
  };

  it('finds none when the spec has the code of the first ts block, deeper indented, between its marks', async () => {
    expect(await differences(EXAMPLE)).toEqual([]);
  });

  it.each([
    ['another value', '1_000_000', '1_000_001', 5],
    ['a line more', "console.log('a large", "lake.x;\n  console.log('a large", 5],
    ['another comment', 'opens nothing yet', 'opens it', 1],
    ['a comment less', '  // The largest ones are the ones of events.\n', '', 4],
    ['a blank line less', 'yet\n\n', 'yet\n', 2],
    ['other white space', 'size > 1', 'size  > 1', 5],
    ['another indentation', '  if (size', '    if (size', 5],
    ['another last line', 'lake.numberOfRecords);', 'lake.records);', 7],
    ['its end missing', /console.log\(lake.*\n/, '', 7],
    ['more after it', 'lake.numberOfRecords);\n', 'lake.numberOfRecords);\nmore();\n', 8],
    ['its beginning missing', /const lake.*\n/, '', 1],
  ])('names the line with %s', async (_what, from, to, line) => {
    expect(await differences(EXAMPLE.replace(from, to))).toEqual([
      expect.stringMatching(new RegExp(`^Line ${line} below the imports: .* \\(README\\), .* \\(spec\\)$`)),
    ]);
  });

  it.each([
    ['that the spec does not have', "from 'node:path'", "from 'node:url'", ['does not import join (node:url)', 'does not import join (node:path)']],
    ['of another project', '@loadin/lake', '@loadin/pond', ['does not import readLake (@loadin/pond)', 'does not import readLake (itself)']],
    ['that is missing in the README', "import { join } from 'node:path';\n", '', ['README does not import join']],
    ['that is misspelt', '{ join }', '{ joint }', ['does not import joint', 'does not import join ']],
  ])('names an import %s', async (_what, from, to, wanted) => {
    expect(await differences(EXAMPLE.replace(from, to))).toEqual(wanted.map((text) => expect.stringContaining(text)));
  });

  it('is not content with a spec without marks', async () => {
    expect(await differences(EXAMPLE, SPEC.replace('  // end\n', ''))).toHaveLength(1);
  });

  it('is not content with a README without an example', async () => {
    expect(await differences('')).toEqual(['README.md has no example of five lines or more']);
    expect(await differences("import { readLake } from '@loadin/lake';\n\nreadLake();\n")).toEqual([
      'README.md has no example of five lines or more',
    ]);
  });
});
