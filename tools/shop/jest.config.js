export default { displayName: 'shop', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
