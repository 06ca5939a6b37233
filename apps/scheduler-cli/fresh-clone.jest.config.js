import jestConfig from './jest.config.js';

export default { ...jestConfig, displayName: 'fresh-clone', testMatch: ['**/fresh-clone.spec.ts'], testPathIgnorePatterns: ['/node_modules/'] };
