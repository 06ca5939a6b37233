import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import preset from './jest.preset.js';

const root = import.meta.dirname;
const folders = ['libs', 'apps', 'tools', 'examples'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => `${kind}/${name}`));
const tested = folders.filter((folder) => existsSync(join(root, folder, 'jest.config.js')));
const projects = await Promise.all(tested.map(async (folder) => ({ folder, ...(await import(`./${folder}/jest.config.js`)).default })));
// A project that starts something before its specifications does so only when one of them runs.
const apart = projects.filter(({ globalSetup }) => globalSetup !== undefined);
// All others run as one: a module is found, transformed and kept in memory once for all of them instead of once for each.
const together = projects.filter((project) => !apart.includes(project));

// Jest wants these here, not in a project.
const { coverageReporters, testTimeout, ...settings } = preset;

export default {
  // One more than there are processors: specifications wait for servers, processes and disks a third of their time.
  maxWorkers: Math.min(availableParallelism() + 1, 4),
  testSequencer: join(root, 'tools/dev/jest-sequencer.cjs'),
  coverageReporters,
  testTimeout,
  projects: [
    {
      ...settings,
      displayName: 'loadin',
      rootDir: root,
      roots: together.map(({ folder }) => `<rootDir>/${folder}`),
      // Whole runs of the built apps, minutes of them: `npm run test:apps`.
      testPathIgnorePatterns: [
        '/node_modules/',
        '\\.(bundle|zip|stack|whole)\\.spec\\.ts$',
        ...together.flatMap(({ testPathIgnorePatterns = [] }) => testPathIgnorePatterns),
      ],
    },
    ...apart.map(({ folder }) => `<rootDir>/${folder}`),
  ],
};
