export default { displayName: 's3-sink', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
