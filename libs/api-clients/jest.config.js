export default { displayName: 'api-clients', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
