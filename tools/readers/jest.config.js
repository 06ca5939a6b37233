export default { displayName: 'readers', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
