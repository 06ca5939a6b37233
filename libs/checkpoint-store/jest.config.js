export default { displayName: 'checkpoint-store', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
