import { resolvedPolicies, type EnvironmentSettings, type ResolvedPolicy, type StackName, type SynthesizedTemplate } from '@loadin/infrastructure';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The policies of all roles in the templates of a folder, with ARNs in place of references. */
export function policiesOf(folder: string, stacks: readonly StackName[], environment: EnvironmentSettings): ResolvedPolicy[] {
  return stacks.flatMap((stack) => {
    const template = JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')) as SynthesizedTemplate;
    return resolvedPolicies(template, environment).map((policy) => ({ stack, ...policy }));
  });
}
