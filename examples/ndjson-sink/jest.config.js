export default { displayName: 'ndjson-sink', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
