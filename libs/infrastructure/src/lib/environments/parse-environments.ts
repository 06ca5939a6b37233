import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { resourceNames } from '../names.js';
import { checkFields, type Finding } from './check.js';
import { EnvironmentsFileError } from './environments-file-error.js';
import { FILE } from './fields.js';
import { completeEnvironment, type EnvironmentData } from './complete.js';
import type { EnvironmentSettings } from './types.js';

/**
 * The environments of a file (YAML or JSON), with every default filled in, by name. `file` is for messages: nothing is opened.
 * @throws EnvironmentsFileError with line and column of everything that is wrong
 */
export function parseEnvironments(text: string, file: string): ReadonlyMap<string, EnvironmentSettings> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => ({ line: Math.max(1, lines.linePos(offset).line), column: Math.max(1, lines.linePos(offset).col) });
  const refuse = (findings: readonly Finding[]): void => {
    const problems = findings.map(({ path, message }) => ({ ...at(offsetOf(document, path)), path: path.join('.'), message }));
    if (problems.length > 0)
      throw new EnvironmentsFileError(
        file,
        problems.sort((a, b) => a.line - b.line || a.column - b.column),
      );
  };
  const malformed = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...at(pos[0]),
    path: '',
    message: message.split('\n')[0] ?? '',
  }));
  if (malformed.length > 0) throw new EnvironmentsFileError(file, malformed);
  const data: unknown = document.toJS();
  refuse(checkFields(FILE, data, []));
  const { environments } = data as { environments: Record<string, EnvironmentData> };
  refuse(Object.entries(environments).flatMap(([name, one]) => impossible(name, one)));
  const complete = Object.entries(environments).map(([name, one]) => completeEnvironment(name, one));
  refuse(collisions(complete));
  return new Map(complete.map((one) => [one.name, one]));
}

/** What fields of one environment say of one another. */
function impossible(name: string, { network, production, tasks }: EnvironmentData): Finding[] {
  const path = ['environments', name];
  const { cidr, nat, vpc_id: vpcId, subnet_ids: subnets, security_group_ids: groups } = network ?? {};
  const existing = [vpcId, subnets, groups].filter((one) => one !== undefined).length;
  return [
    ...(name === 'prod' && production === false
      ? [{ path: [...path, 'production'], message: 'must not be false for prod: call it otherwise if its data may be destroyed' }]
      : []),
    ...(network !== undefined && (cidr === undefined ? existing !== 3 || nat !== undefined : existing > 0)
      ? [{ path: [...path, 'network'], message: 'must have either cidr (and nat), or vpc_id, subnet_ids and security_group_ids' }]
      : []),
    ...(tasks !== undefined && network === undefined
      ? [{ path: [...path, 'tasks'], message: 'needs network beside it, for containers run in a VPC: network: { cidr: … }, or one that is there' }]
      : []),
  ];
}

/** Two environments must not own the same thing. */
function collisions(environments: readonly EnvironmentSettings[]): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const one of environments) {
    const place = `${one.account} ${one.region}`;
    const names = Object.values(resourceNames({ ...one, environment: one.name })).filter((name: unknown) => typeof name === 'string');
    const owned = [...names.map((name) => [`${place} ${name}`, name]), ...(one.catalogue ? [[`${place} glue`, 'the Glue databases']] : [])];
    const taken = [...new Map(owned.map(([key = '', name = '']) => [key, name]))].filter(([key]) => owners.has(key));
    for (const [key] of owned) if (key !== undefined && !owners.has(key)) owners.set(key, one.name);
    const [first] = taken;
    if (first === undefined) continue;
    const other = owners.get(first[0]);
    const onlyGlue = taken.length === 1 && first[1] === 'the Glue databases';
    findings.push({
      path: ['environments', one.name],
      message: onlyGlue
        ? `would own the Glue databases bronze, raw and logs together with ${other}: say catalogue: false in one of the two`
        : `is in the same account and region as ${other} and would own ${first[1]} too: give it a suffix, such as -${one.name}`,
    });
  }
  return findings;
}

/** Where in the text something is: its key, else the nearest thing around it. */
function offsetOf(document: Document, path: Finding['path']): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path[length - 1])) : undefined;
    if (isNode(pair?.key)) return (pair.key as Node).range?.[0] ?? 0;
  }
  return 0;
}
