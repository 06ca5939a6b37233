export default { displayName: 'kinesis-consumer', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
