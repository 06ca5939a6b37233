export default { displayName: 'setup-scripts', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
