import type { StackName } from '@loadin/infrastructure';
import { FatalError } from '@loadin/resilience';
import type { Resource } from '../resource.js';

/** What is there already and in no stack, so that a stack that makes it would fail half-way. */
export interface Foreign {
  /** `s3://concert-data-raw` */
  readonly name: string;
  /** The tag `ManagedBy`; undefined: somebody made it without. */
  readonly managedBy: string | undefined;
}

/** Those that are there, whoever has made them. */
export async function presentResources(resources: readonly Resource[]): Promise<Resource[]> {
  const found: Resource[] = [];
  for (const resource of resources) if ((await resource.self.look()).state !== 'missing') found.push(resource);
  return found;
}

/** The resources that exist and were made by something else than a stack. */
export async function foreignResources(resources: readonly Resource[]): Promise<Foreign[]> {
  const found: Foreign[] = [];
  for (const { self, managedBy } of await presentResources(resources)) {
    const manager = await managedBy();
    if (manager !== 'cdk') found.push({ name: self.name, managedBy: manager });
  }
  return found;
}

/** @throws FatalError that names them, and how the stack takes them over */
export function refuseForeign(foreign: readonly Foreign[], stack: StackName, environment: string): void {
  if (foreign.length === 0) return;
  const by = (manager: string | undefined): string => (manager === undefined ? 'without the tag ManagedBy' : `made by ${manager}`);
  throw new FatalError(
    `The stack ${stack} would make what is there already: ${foreign.map(({ name, managedBy }) => `${name} (${by(managedBy)})`).join(', ')}`,
    {
      where: `environment ${environment}`,
      hint: `Let the stack take it over (cdk import): loadin-setup import ${stack} --environment ${environment}; or give the environment other names.`,
    },
  );
}
