import { build } from 'esbuild';
import { join } from 'node:path';

describe('the bundled lib', () => {
  it('stays small: no phone numbers, no validators that are not used, no samples and no schemas', async () => {
    const { metafile } = await build({
      stdin: {
        contents: "import * as all from './index.ts'; globalThis.answer = all;",
        resolveDir: join(import.meta.dirname, '..'),
      },
      bundle: true,
      write: false,
      minify: true,
      metafile: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    });
    const output = Object.values(metafile.outputs)[0];
    const inputs = Object.keys(output?.inputs ?? {});
    expect(inputs.filter((path) => /libphonenumber|\/validator\/|\/samples\/|\/schema\//.test(path))).toEqual([]);
    expect(output?.bytes).toBeLessThan(48_000);
  });
});
