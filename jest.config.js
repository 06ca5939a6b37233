export default { projects: ['<rootDir>/{libs,apps,tools}/*/jest.config.js'], maxWorkers: 2 };
