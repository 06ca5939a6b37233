export default { displayName: 'local-step-functions', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
