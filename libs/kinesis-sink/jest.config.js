export default { displayName: 'kinesis-sink', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
