import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from '@swc/core';
import * as upstreams from './index.js';

describe("the README's example", () => {
  it('runs as it is written', async () => {
    const readme = await readFile(join(__dirname, '../README.md'), 'utf8');
    const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const { code } = await transform(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } });
    const exported: { example?: () => Promise<string> } = {};
    new Function('require', 'exports', code)(() => upstreams, exported);
    expect(await exported.example?.()).toBe('350 events, complete: true, 429: 0, 503: 1');
  });
});
