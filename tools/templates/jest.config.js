export default { displayName: 'templates', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
