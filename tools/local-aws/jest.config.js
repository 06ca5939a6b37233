export default { displayName: 'local-aws', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
