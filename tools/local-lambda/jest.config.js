export default { displayName: 'local-lambda', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
