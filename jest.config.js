export default { projects: ['<rootDir>/{libs,apps,tools,examples}/*/jest.config.js'], maxWorkers: 2 };
