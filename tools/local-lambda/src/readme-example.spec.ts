import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// example
import { startLocalLambda } from './index.js';
import { strToU8, zipSync } from 'fflate';

const zip = zipSync({ 'index.mjs': strToU8('export const handler = async ({ name }) => { console.log("greeting"); return `Hello ${name}`; };') });

export async function greet(): Promise<string> {
  const lambda = startLocalLambda({ zip, timeoutMs: 5_000, memoryMB: 256, env: { STAGE: 'dev' }, functionName: 'greeter' });
  try {
    const cold = await lambda.invoke({ name: 'Ada' });
    const warm = await lambda.invoke({ name: 'Grace' });
    return `${cold.payload} (cold: ${cold.coldStart}), ${warm.payload} (cold: ${warm.coldStart}), ${warm.logs.length} line`;
  } finally {
    await lambda.stop();
  }
}
// end

it('the example of the README runs and is this text', async () => {
  expect(await greet()).toBe('Hello Ada (cold: true), Hello Grace (cold: false), 1 line');
  const [, example] = /\/\/ example\n([^]*?)\/\/ end\n/.exec(readFileSync(__filename, 'utf8')) ?? [];
  const [, shown] = /```ts\n([^]*?)```/.exec(readFileSync(join(__dirname, '../README.md'), 'utf8')) ?? [];
  expect(shown).toBe(example?.replace('./index.js', '@loadin/local-lambda'));
});
