export default {
  displayName: 'shop',
  preset: '../../jest.preset.js',
  coverageDirectory: 'coverage',
  // Four runs of the built command on real servers: `npm run test:demo` runs it.
  testPathIgnorePatterns: ['/node_modules/', '/src/demo/demo\\.bundle\\.spec\\.ts$'],
};
