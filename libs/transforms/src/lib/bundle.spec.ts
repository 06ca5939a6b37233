import { build } from 'esbuild';
import { join } from 'node:path';

describe('the bundled lib', () => {
  it('stays small: no phone numbers, no validators that are not used', async () => {
    const { metafile } = await build({
      stdin: {
        contents: "import { validateRecord } from './index.ts'; globalThis.answer = validateRecord('artists', {});",
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
    expect(inputs.filter((path) => path.includes('libphonenumber') || path.includes('/validator/'))).toEqual([]);
    expect(output?.bytes).toBeLessThan(48_000);
  });
});
