import nx from '@nx/eslint-plugin';

// Who may import whom. `pipeline` knows only utilities; an adapter never knows another adapter; only `jobs` and the apps see everything;
// tools are for tests and for `loadin local`, which imports them dynamically.
const layers = [
  { sourceTag: 'layer:utility', onlyDependOnLibsWithTags: ['layer:utility'] },
  { sourceTag: 'layer:domain', onlyDependOnLibsWithTags: ['layer:utility'] },
  { sourceTag: 'layer:application', onlyDependOnLibsWithTags: ['layer:utility'] },
  { sourceTag: 'layer:adapter', onlyDependOnLibsWithTags: ['layer:application', 'layer:domain', 'layer:utility'] },
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: ['layer:application', 'layer:domain', 'layer:utility'] },
  { sourceTag: 'layer:infrastructure', onlyDependOnLibsWithTags: ['layer:utility'] },
  { sourceTag: 'layer:composition', onlyDependOnLibsWithTags: ['layer:adapter', 'layer:application', 'layer:domain', 'layer:utility'] },
  { sourceTag: 'layer:app', onlyDependOnLibsWithTags: ['layer:composition', 'layer:adapter', 'layer:application', 'layer:domain', 'layer:utility'] },
  { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: ['*'] },
];
// A specification may also use the published kits and the local servers.
const withTools = layers.map(({ sourceTag, onlyDependOnLibsWithTags: tags }) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...tags, 'layer:testing', 'layer:tool'],
}));
// Only stacks, and the command that deploys them, know the infrastructure: the apps that are deployed don't.
const withInfrastructure = (constraints) =>
  constraints.map(({ sourceTag, onlyDependOnLibsWithTags: tags }) => ({
    sourceTag,
    onlyDependOnLibsWithTags: sourceTag === 'layer:app' ? [...tags, 'layer:infrastructure'] : tags,
  }));
// The CDK has 160 MB: what runs must not come near it, not even through a lib.
const cdk = { group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-nag', '@loadin/infrastructure/cdk'], message: 'Only stacks know the CDK.' };
const stacks = ['apps/*/stack.ts', 'apps/setup-scripts/src/stacks/**/*.ts', 'libs/infrastructure/src/cdk/**/*.ts', '**/*.stack.spec.ts'];
// The kits test the libs that they are made of: only specifications close that circle, and the project graph leaves it out too (`!testing`).
const ignoredCircularDependencies = ['pipeline', 'resilience', 'observability'].map((name) => [name, 'testing']);
const boundaries = (depConstraints) => [
  'error',
  { enforceBuildableLibDependency: false, banTransitiveDependencies: true, allow: [], ignoredCircularDependencies, depConstraints },
];

export default [
  { ignores: ['**/dist', '**/out-tsc', '**/coverage', '.nx', '.loadin'] },
  ...nx.configs['flat/base'],
  ...nx.configs['flat/typescript'],
  { files: ['**/*.ts'], rules: { '@nx/enforce-module-boundaries': boundaries(layers), '@typescript-eslint/no-explicit-any': 'error' } },
  { files: ['**/*.spec.ts', '**/*.fixture.ts'], rules: { '@nx/enforce-module-boundaries': boundaries(withTools) } },
  { files: ['apps/*/stack.ts', 'apps/setup-scripts/**/*.ts'], rules: { '@nx/enforce-module-boundaries': boundaries(withInfrastructure(layers)) } },
  {
    files: ['apps/*/*.stack.spec.ts', 'apps/*/src/**/*.zip.spec.ts', 'apps/setup-scripts/**/*.{spec,fixture}.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(withInfrastructure(withTools)) },
  },
  { files: ['**/*.ts'], ignores: stacks, rules: { 'no-restricted-imports': ['error', { patterns: [cdk] }] } },
  // `loadin local` is the one place of an app that uses a tool, by a dynamic import: the bundle does not contain it.
  { files: ['apps/scheduler-cli/src/commands/local.ts'], rules: { '@nx/enforce-module-boundaries': boundaries(withTools) } },
  {
    files: ['**/package.json'],
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/eslint.config.mjs',
            '{projectRoot}/jest.config.js',
            '{projectRoot}/**/*.spec.ts',
            '{projectRoot}/**/*.fixture.ts',
            // Stacks are made where everything is installed, and are no part of what is built.
            '{projectRoot}/stack.ts',
            '{projectRoot}/src/stacks/**/*.ts',
          ],
        },
      ],
    },
    languageOptions: { parser: await import('jsonc-eslint-parser') },
  },
];
