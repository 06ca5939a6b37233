// Node's own modules are taken by require(), not by import.
import { builtinModules } from 'node:module';

/**
 * An `import` of one of Node's modules evaluates each of its exports, the late ones too: `import 'node:http'` loads all of fetch and WebSocket, which nobody here
 * uses and which take a tenth of a cold start. `require` gives the same module and leaves them alone.
 * @returns {import('esbuild').Plugin}
 */
export function builtinModulesByRequire() {
  const namespace = 'builtin-module';
  const filter = new RegExp(`^(?:node:.+|${builtinModules.map((name) => name.replaceAll('/', '\\/')).join('|')})$`);
  return {
    name: namespace,
    setup(esbuild) {
      esbuild.onResolve({ filter }, ({ path, kind }) =>
        kind === 'import-statement' ? { path: path.replace(/^node:/, ''), namespace } : { path, external: true },
      );
      esbuild.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
        contents: path === 'http2' ? lateHttp2 : `module.exports = require(${JSON.stringify(`node:${path}`)});`,
        loader: 'js',
      }));
    },
  };
}

/** axios and the SDK's handlers import HTTP/2 and never use it here; it takes a tenth of a cold start to load. It is there as soon as something of it is asked for. */
const lateHttp2 = `
const load = () => require('node:http2');
const late = (from) => new Proxy({}, { get: (_, name) => from()[name], has: (_, name) => name in from() });
module.exports = { constants: late(() => load().constants), get connect() { return load().connect; }, get sensitiveHeaders() { return load().sensitiveHeaders; }  };
`;
