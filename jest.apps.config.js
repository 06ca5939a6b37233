import config from './jest.config.js';

const [project] = config.projects;

// The apps as they are built: bundles in processes of their own, zips in a Lambda runtime, stacks with the zips as their assets; and what
// else takes a run of everything.
export default {
  ...config,
  projects: [
    {
      ...project,
      displayName: 'built apps',
      testMatch: ['**/*.bundle.spec.ts', '**/*.zip.spec.ts', '**/*.stack.spec.ts', '**/*.whole.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/src/fresh-clone\\.spec\\.ts$'],
    },
  ],
};
