export default {
  displayName: 'postgres-source',
  preset: '../../jest.preset.js',
  coverageDirectory: 'coverage',
  globalSetup: './start-server.mjs',
  globalTeardown: './stop-server.mjs',
};
