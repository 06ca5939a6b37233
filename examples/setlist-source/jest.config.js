export default { displayName: 'setlist-source', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
