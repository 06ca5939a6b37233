import { readmeDifferences } from '@loadin/specs/readme';
import { strToU8, zipSync } from 'fflate';
import { startLocalLambda } from './index.js';

// example
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
  expect(readmeDifferences(__filename)).toEqual([]);
});
