// Parts of npm packages that no app can reach, or that Node has itself, are replaced by stand-ins. What is reached after all throws.

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

/** In functions alone (90 kB): Lambda gives credentials by the environment or by its container address; profiles, SSO and log-ins are a person's. */
const inFunctions = [
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
