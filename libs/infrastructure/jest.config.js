export default { displayName: 'infrastructure', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
