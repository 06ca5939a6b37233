import { LoadinError } from '@loadin/resilience';
import { differenceOf, stepLine, type Output } from './output.js';
import type { Part, Resource } from './resource.js';

/**
 * Makes what is missing and says so, one line a step. What somebody has set otherwise is reported and left as it is.
 * @returns whether everything that is not optional is as wanted now
 * @throws LoadinError of the first step that failed; what was made before stays, and the next call goes on from there
 */
export async function createResources(resources: readonly Resource[], output: Output): Promise<boolean> {
  let complete = true;
  for (const { self, settings, managedBy } of resources) {
    const made = await step(self, self.name, 'created', output);
    const foreign = made === 'right' && (await managedBy()) === 'cdk';
    if (foreign) output.print(stepLine('differs', self.name, 'ManagedBy=cdk, wanted ManagedBy=loadin-setup', OF_A_STACK));
    if (made === 'differs' || foreign) complete = false;
    // Settings of something that is going away, is something else or belongs to a stack are not set here.
    if (made === 'differs' || foreign) continue;
    for (const part of settings) {
      const outcome = await optionally(part, `${self.name}: ${part.name}`, made === 'made' ? 'created' : 'changed', output);
      if (outcome === 'differs' && part.optional !== true) complete = false;
    }
  }
  return complete;
}

/** Two that own the same thing undo each other's work. */
const OF_A_STACK = 'A stack has made it: change it with loadin-setup deploy; loadin-setup check looks at it.';

type Outcome = 'made' | 'right' | 'differs';

async function step(part: Part, subject: string, word: 'created' | 'changed', output: Output): Promise<Outcome> {
  const found = await part.look();
  if (found.state === 'differs') {
    output.print(stepLine('differs', subject, differenceOf(found), found.hint));
    return 'differs';
  }
  if (found.state === 'right') {
    output.print(stepLine('already there', subject, found.detail));
    return 'right';
  }
  await part.make();
  output.print(stepLine(word, subject));
  return 'made';
}

/** An optional part that the server doesn't have, or that this user may not set, is a warning. A server that can't be reached is not. */
async function optionally(part: Part, subject: string, word: 'created' | 'changed', output: Output): Promise<Outcome | 'without'> {
  try {
    return await step(part, subject, word, output);
  } catch (error) {
    if (!isDispensable(part, error)) throw error;
    output.print(stepLine('warning', subject, 'not set', error.message));
    return 'without';
  }
}

export function isDispensable(part: Part, error: unknown): error is LoadinError {
  return part.optional === true && error instanceof LoadinError && error.action === 'fatal';
}
