// nx g @loadin/nx:lib NAME --layer=adapter
import { formatFiles, installPackagesTask, updateJson, writeJson } from '@nx/devkit';
import { sourceFiles } from './source-files.mjs';

const layers = ['utility', 'domain', 'application', 'adapter', 'composition', 'infrastructure', 'testing'];

/**
 * Writes libs/<name> and adds it to the root tsconfig.json.
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string, layer: string, description?: string, skipInstall?: boolean }} options
 */
export async function libGenerator(tree, { name, layer, description = `The ${name} lib of Loadin.`, skipInstall = false }) {
  check(tree, name, layer);
  const root = `libs/${name}`;
  writeJson(tree, `${root}/package.json`, packageJson(name, layer, description));
  for (const [file, value] of Object.entries(tsconfigs)) writeJson(tree, `${root}/${file}`, value);
  for (const [file, text] of Object.entries(sourceFiles(name, layer, description))) tree.write(`${root}/${file}`, text);
  updateJson(tree, 'tsconfig.json', (json) => ({ ...json, references: withReference(json.references ?? [], `./${root}`) }));
  await formatFiles(tree);
  // The link in node_modules, by which the others find the package.
  return () => (skipInstall ? undefined : installPackagesTask(tree, true));
}

function check(tree, name, layer) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error(`A lib's name has small letters, digits and single hyphens, such as sqs-sink; this one is ${JSON.stringify(name)}`);
  if (!layers.includes(layer)) throw new Error(`--layer is one of ${layers.join(', ')}; this one is ${JSON.stringify(layer)}`);
  if (tree.exists(`libs/${name}`)) throw new Error(`libs/${name} exists already; choose another name or remove it first`);
}

function packageJson(name, layer, description) {
  return {
    name: `@loadin/${name}`,
    version: '0.1.0',
    description,
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19.0' },
    main: './dist/index.js',
    types: './dist/index.d.ts',
    exports: {
      '.': { '@loadin/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist', 'src', '!**/*.tsbuildinfo', '!**/*.spec.ts'],
    nx: { tags: ['type:lib', `layer:${layer}`] },
    dependencies: {},
  };
}

const base = '../../tsconfig.base.json';
const specs = ['src/**/*.spec.ts', 'src/**/*.fixture.ts'];
const tsconfigs = {
  'tsconfig.json': { files: [], include: [], references: [{ path: './tsconfig.lib.json' }, { path: './tsconfig.spec.json' }] },
  'tsconfig.lib.json': {
    extends: base,
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/tsconfig.lib.tsbuildinfo', emitDeclarationOnly: false },
    include: ['src/**/*.ts'],
    exclude: specs,
    references: [],
  },
  'tsconfig.spec.json': {
    extends: base,
    compilerOptions: { outDir: 'out-tsc/spec', types: ['node', 'jest'] },
    include: specs,
    references: [{ path: './tsconfig.lib.json' }],
  },
};

/** Kept in order, as it is in the file. */
function withReference(references, path) {
  return [...references, { path }].sort((a, b) => (a.path < b.path ? -1 : 1));
}
