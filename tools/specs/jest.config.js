export default { displayName: 'specs', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
