import jestConfig from './jest.config.js';

export default { ...jestConfig, displayName: 'demo', testMatch: ['**/demo.bundle.spec.ts'], testPathIgnorePatterns: ['/node_modules/'] };
