export default { displayName: 'upstreams', preset: '../../jest.preset.js', coverageDirectory: 'coverage' };
