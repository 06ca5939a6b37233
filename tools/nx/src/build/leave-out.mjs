// Parts of npm packages that no app can reach, or that Node has itself, are replaced by stand-ins. What is reached after all throws.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Credentials of a person's own machine: the SDK's chain tries them in turn, and goes on to the next when one has nothing. */
const nothingHere = `() => async () => { throw Object.assign(new Error('not part of this bundle'), { name: 'CredentialsProviderError', tryNextLink: true }); }`;

/**
 * What is left out and why that is safe:
 * - `form-data` (160 kB with its MIME tables): axios uses it to send multipart forms only; every request of Loadin sends JSON, a URL-encoded body or nothing.
 * - `readable-stream` (45 kB): winston's copy of `node:stream`, made for Node versions long gone.
 * - `@dabh/diagnostics` (35 kB with its colours): winston's own debug output, which is off unless a developer of winston turns it on.
 * - axios' adapter for `fetch` (12 kB): Loadin's requests go through the one for Node's HTTP, which axios takes first.
 * - the AWS SDK's aggregated clients (`S3`, `DynamoDB`, … beside `S3Client`; 60 kB): they name every command of their service, so that all of them would stay.
 */
const everywhere = [
  {
    filter: /^\.\/(S3|DynamoDB|Kinesis|SecretsManager)$/,
    importer: /\/@aws-sdk\/client-[\w-]+\/dist-es\/index\.js$/,
    code: `const leftOut = class { constructor() { throw new Error('Aggregated AWS clients are left out of this bundle (tools/nx/src/build/leave-out.mjs)'); } };
export { leftOut as S3, leftOut as DynamoDB, leftOut as Kinesis, leftOut as SecretsManager };`,
  },
  {
    filter: /^form-data$/,
    code: `export default class FormData { constructor() { throw new Error('Multipart forms are left out of this bundle (tools/nx/src/build/leave-out.mjs)'); } }`,
  },
  { filter: /^\.\/fetch\.js$/, importer: /\/axios\/lib\/adapters\//, code: `export const getFetch = () => false;` },
  { filter: /^readable-stream$/, code: `module.exports = require('node:stream');` },
  { filter: /^readable-stream\/lib\/_stream_writable\.js$/, code: `module.exports = require('node:stream').Writable;` },
  { filter: /^@dabh\/diagnostics$/, code: `module.exports = () => () => undefined;` },
];

/**
 * In functions alone:
 * - sources of credentials (90 kB): Lambda gives them by the environment or by its container address; profiles, SSO and log-ins are a person's
 * - winston's transports but the console (12 kB), colours and time formats (16 kB): functions print one JSON object a line, made by Loadin itself
 */
const inFunctions = [
  {
    filter: /^\.\/(file|http|stream)$/,
    importer: /\/winston\/lib\/winston\/transports\/index\.js$/,
    code: `module.exports = class { constructor() { throw new Error('This transport of winston is left out of functions (tools/nx/src/build/leave-out.mjs)'); } };`,
  },
  { filter: /^@colors\/colors\/safe$/, code: `module.exports = {};` },
  {
    filter: /^fecha$/,
    code: `exports.format = () => { throw new Error('Time formats of winston are left out of functions (tools/nx/src/build/leave-out.mjs)'); };`,
  },
  { filter: /^@aws-sdk\/credential-provider-sso$/, code: `export const fromSSO = ${nothingHere};` },
  { filter: /^@aws-sdk\/credential-provider-ini$/, code: `export const fromIni = ${nothingHere};` },
  { filter: /^@aws-sdk\/credential-provider-process$/, code: `export const fromProcess = ${nothingHere};` },
  { filter: /^@aws-sdk\/credential-provider-web-identity$/, code: `export const fromTokenFile = ${nothingHere};` },
];

/**
 * Packages whose build for Node is CommonJS, of which nothing falls away, and that have the same code as ES modules for browsers: `yaml` (18 kB).
 * @type {Readonly<Record<string, string>>}
 */
const asModules = { yaml: 'browser/dist/index.js' };

/** @param {'lambda' | 'cli'} kind @returns {import('esbuild').Plugin} */
export function leaveOut(kind) {
  const standIns = kind === 'lambda' ? [...everywhere, ...inFunctions] : everywhere;
  return {
    name: 'leave-out',
    setup(esbuild) {
      for (const [name, file] of Object.entries(asModules)) {
        esbuild.onResolve({ filter: new RegExp(`^${name}$`) }, ({ resolveDir }) => ({
          path: join(dirname(createRequire(join(resolveDir, 'index.js')).resolve(`${name}/package.json`)), file),
          sideEffects: false,
        }));
      }
      // Each client of the AWS SDK reads its version there; the rest of it (2 kB each) is for npm.
      esbuild.onLoad({ filter: /\/@aws-sdk\/client-[\w-]+\/package\.json$/ }, ({ path }) => {
        const { version } = JSON.parse(readFileSync(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
      standIns.forEach(({ filter, importer = /^/, code }, index) => {
        const namespace = `left-out-${index}`;
        esbuild.onResolve({ filter }, ({ path, namespace: from, importer: by }) =>
          from === namespace || !importer.test(by) ? undefined : { path, namespace },
        );
        esbuild.onLoad({ filter: /.*/, namespace }, () => ({ contents: code, loader: 'js', resolveDir: '/' }));
      });
    },
  };
}
