// The published descriptions of the APIs stay outside the project. What is held against them runs where somebody has them.
const published = process.env.LOADIN_SPECIFICATIONS ? [] : ['/src/specifications/published\\.spec\\.ts$'];

export default {
  displayName: 'api-clients',
  preset: '../../jest.preset.js',
  coverageDirectory: 'coverage',
  testPathIgnorePatterns: ['/node_modules/', ...published],
};
