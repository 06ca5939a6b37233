// The texts of a new lib. Everything they say is true of a lib that has only just been made.

const articles = {
  utility: 'It imports other utilities only.',
  domain: 'It imports utilities only.',
  application: 'It imports utilities only.',
  adapter: 'It imports the pipeline, the domain and utilities; never another adapter.',
  composition: 'It imports every other lib.',
  infrastructure: 'It imports utilities only; only stacks and loadin-setup import it.',
  testing: 'It imports the pipeline, the domain and utilities; only specifications import it.',
};

/** @returns {Record<string, string>} by path inside the lib */
export function sourceFiles(name, layer, description) {
  const camel = name.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
  const example = [`console.log(${camel}('a newcomer'));`, `// ${name} greets a newcomer`];
  return {
    'jest.config.js': `export default { displayName: '${name}', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };\n`,
    'src/index.ts': `export * from './lib/${name}.js';\n`,
    [`src/lib/${name}.ts`]: `/** Stands in for the lib's own concept until there is one; \`whom\` is a name as people write it. */
export function ${camel}(whom: string): string {
  return \`${name} greets \${whom}\`;
}
`,
    'src/readme-example.spec.ts': `import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ${camel} } from './index.js';

describe('the example of the README', () => {
  it('works as printed', () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    ${example[0]}

    expect(lines).toEqual(['${name} greets a newcomer']);
  });

  it('is what was just run', () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    const code = /\`\`\`ts\\n([\\s\\S]*?)\`\`\`/.exec(readme)?.[1] ?? '';
    const statements = (text: string) => text.split('\\n').map((line) => line.trim());
    const wanted = statements(code).filter((line) => line !== '' && !line.startsWith('//') && !line.startsWith('import'));
    const here = statements(readFileSync(join(import.meta.dirname, 'readme-example.spec.ts'), 'utf8'));
    expect(wanted.length).toBeGreaterThan(0);
    expect(here.join('\\n')).toContain(wanted.join('\\n'));
  });
});
`,
    'README.md': `# @loadin/${name}

${description}

It is on no registry yet: [pack it and the libs that it stands on](../../README.md#use-it), and install the files.

## Example

\`\`\`ts
import { ${camel} } from '@loadin/${name}';

${example.join('\n')}
\`\`\`

## Place

Layer \`${layer}\`. ${articles[layer]} A package that it imports stands in \`dependencies\` of its package.json with an exact version, and one of this
workspace also in \`references\` of tsconfig.lib.json.

## Options

None.

## Errors

None.

## Tests

\`npx nx test ${name}\`
`,
  };
}
