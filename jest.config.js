export default { projects: ['<rootDir>/{libs,apps,tools,examples}/*/jest.config.js'], maxWorkers: 2, testTimeout: 30_000 };
