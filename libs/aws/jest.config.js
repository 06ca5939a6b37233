export default { displayName: 'aws', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
