import { LoadinError } from '@loadin/resilience';
import { isDispensable } from './create.js';
import { differenceOf, stepLine, type Output } from './output.js';
import type { Part, Resource } from './resource.js';

const makeIt = 'Run loadin-setup create.';

/**
 * Looks at everything and changes nothing: a line each, OK or what to do.
 * @returns whether everything that is not optional is as wanted
 * @throws LoadinError when the services can't be reached: there is no use in asking for the rest
 */
export async function checkResources(resources: readonly Resource[], output: Output): Promise<boolean> {
  let complete = true;
  for (const { self, settings } of resources) {
    const there = await check(self, self.name, output);
    complete &&= there;
    if (!there) continue;
    for (const part of settings) complete = (await check(part, `${self.name}: ${part.name}`, output)) && complete;
  }
  return complete;
}

async function check(part: Part, subject: string, output: Output): Promise<boolean> {
  try {
    const found = await part.look();
    if (found.state === 'right') output.print(stepLine('OK', subject, found.detail));
    else if (found.state === 'differs') output.print(stepLine(part.optional ? 'warning' : 'differs', subject, differenceOf(found), found.hint));
    else output.print(stepLine(part.optional ? 'warning' : 'missing', subject, part.optional ? 'not set' : found.detail, makeIt));
    return found.state === 'right' || part.optional === true;
  } catch (error) {
    if (!(error instanceof LoadinError) || error.action !== 'fatal') throw error;
    const dispensable = isDispensable(part, error);
    output.print(stepLine(dispensable ? 'warning' : 'failed', subject, error.message, error.hint));
    return dispensable;
  }
}
