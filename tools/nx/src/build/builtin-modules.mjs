// Node's own modules are taken by require(), not by import.
import { builtinModules } from 'node:module';

/**
 * An `import` of one of Node's modules evaluates each of its exports, the lazy ones too: `import 'node:http'` loads all of fetch and WebSocket, `node:crypto` all of
 * WebCrypto. Nobody here uses them, and they are a third of a cold start. `require` gives the same module and leaves them alone.
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
        contents: `module.exports = require(${JSON.stringify(`node:${path}`)});`,
        loader: 'js',
      }));
    },
  };
}
