import { join } from 'node:path';

export default {
  testMatch: ['**/*.spec.ts'],
  moduleFileExtensions: ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs'],
  modulePathIgnorePatterns: ['<rootDir>/(?:[^/]+/[^/]+/)?(?:dist|out-tsc)/'],
  resolver: join(import.meta.dirname, 'tools/dev/jest-resolver.cjs'),
  testEnvironment: 'node',
  // Most take milliseconds; a machine that is busy with other things must not fail them.
  testTimeout: 30_000,
  testEnvironmentOptions: { customExportConditions: ['@loadin/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Dependencies that are ESM alone, or import() inside, which Jest (CJS mode, Node < 24.9) must transform
  transformIgnorePatterns: ['/node_modules/(?!(?:@[^/]+/)?(?:p-limit|yocto-queue|hyparquet|hyparquet-writer|chalk|fzstd|otlp-exporter-base)/)'],
  coverageReporters: ['text-summary', 'lcov'],
};
