// node swap.fixture.mjs <zip> <functions as JSON>: swapCode with real clients and a clock that does not wait; prints what it answers.
import { readFileSync } from 'node:fs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { swapCode } from './swap-code.mjs';

const [zip, functions] = process.argv.slice(2);
const lambda = new LambdaClient({ maxAttempts: 1 });
const answer = await swapCode({ lambda, zip: readFileSync(zip), functions: JSON.parse(functions), sleep: async () => {} }).then(
  (swapped) => ({ swapped }),
  ({ name, message }) => ({ error: `${name}: ${message}` }),
);
console.log(JSON.stringify(answer));
