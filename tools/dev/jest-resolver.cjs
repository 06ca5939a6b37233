// Finds what a specification imports. Sources import each other by the name of what they compile to (`./x.js` is `x.ts`), which Jest's own resolver
// does not know; the one of @nx/jest asks the TypeScript compiler, whose start costs every worker a second.
const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

module.exports = function findModule(request, options) {
  if (/^\.\.?\/.*\.js$/.test(request) && !options.basedir.includes('/node_modules/')) {
    const source = resolve(options.basedir, `${request.slice(0, -'.js'.length)}.ts`);
    if (existsSync(source)) return source;
  }
  return options.defaultResolver(request, options);
};
