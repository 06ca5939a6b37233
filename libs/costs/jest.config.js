export default { displayName: 'costs', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
