export const createNodesV2 = ['apps/*/package.json', () => []];
