import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where the first `ts` block of a project's README differs from the code of the spec that runs it, a line each; none when it is the same
 * code. The spec lies in `src`, the README and package.json in the folder above.
 *
 * What stands in the spec between the lines `// example` and `// end` must be the block without its imports to the letter, comments and
 * blank lines included; only the indentation may be deeper. What the block imports must be imported by the spec from the same module (from
 * `./index.js` what is the project's own), and the block must import what it uses of the spec's imports.
 */
export function readmeDifferences(specFile: string): string[] {
  const project = join(dirname(specFile), '..');
  const readme = readFileSync(join(project, 'README.md'), 'utf8');
  const { name } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { name: string };
  const block = /^```ts\n([\s\S]*?)^```$/m.exec(readme)?.[1] ?? '';
  const spec = readFileSync(specFile, 'utf8');
  const body = block.replace(IMPORT, '').trim();
  if (body.split('\n').length < 5 || body.replace(/\s/g, '').length < 200) return ['README.md has no example of five lines or more'];
  return [...differencesOfImports(body, importsOf(block, name), importsOf(spec, './index.js')), ...differenceOfLines(body, markedIn(spec))];
}

const IMPORT = /^import (?:type )?\{([^}]*)\} from '([^']+)';\n/gm;

interface Imported {
  readonly name: string;
  /** The module; of the project itself, `itself`. */
  readonly from: string;
}

function importsOf(code: string, itself: string): Imported[] {
  return [...code.matchAll(IMPORT)].flatMap(([, names = '', module = '']) =>
    names
      .split(',')
      .map((one) =>
        one
          .trim()
          .replace(/^type /, '')
          .replace(/ as .*$/, ''),
      )
      .filter((name) => name !== '')
      .map((name) => ({ name, from: module === itself ? 'itself' : module })),
  );
}

function differencesOfImports(body: string, shown: readonly Imported[], here: readonly Imported[]): string[] {
  const lacks = (list: readonly Imported[], { name, from }: Imported): boolean => !list.some((one) => one.name === name && one.from === from);
  const isUsed = ({ name }: Imported): boolean => new RegExp(`(?<![.\\w])${name}\\b`).test(body);
  return [
    ...shown.filter((one) => lacks(here, one)).map(({ name, from }) => `The spec does not import ${name} (${from}), the README does`),
    ...here
      .filter((one) => isUsed(one) && lacks(shown, one))
      .map(({ name, from }) => `The README does not import ${name} (${from}), its code uses it`),
  ];
}

/** The code between the marks, without the indentation that it has there. */
function markedIn(spec: string): string {
  const [, indent = '', code = ''] = /^( *)\/\/ example\n([\s\S]*?)^ *\/\/ end$/m.exec(spec) ?? [];
  return code.replace(new RegExp(`^${indent}`, 'gm'), '').trim();
}

function differenceOfLines(shown: string, here: string): string[] {
  if (shown === here) return [];
  const [readme, spec] = [shown.split('\n'), here.split('\n')];
  let line = 0;
  while (readme[line] === spec[line]) line += 1;
  return [`Line ${line + 1} below the imports: ${readme[line] ?? 'nothing more'} (README), ${spec[line] ?? 'nothing more'} (spec)`];
}
