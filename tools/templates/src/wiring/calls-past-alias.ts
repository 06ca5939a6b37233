import type { Template, TemplateResource, Templates } from '../upgrade/compare-templates.js';

/** Something that reaches a function otherwise than by its alias: a release that is taken back would not take it along. */
export interface CallPastAlias {
  readonly stack: string;
  /** Logical id of who calls. */
  readonly id: string;
  /** What it names instead. */
  readonly names: string;
}

/** What belongs to a function and is no caller of it. */
const OWN_PARTS = new Set(['AWS::Lambda::Function', 'AWS::Lambda::Version', 'AWS::Lambda::Alias']);

/** Everything in the templates that names a function (event sources, schedules, definitions of state machines, grants to invoke) without the alias. */
export function callsPastAlias(templates: Templates, alias: string): CallPastAlias[] {
  return Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.Resources ?? {}).flatMap(([id, resource]) =>
      namedBy(resource, template)
        .filter((names) => !names.endsWith(`:${alias}`))
        .map((names) => ({ stack, id, names })),
    ),
  );
}

/** How many name a function at all, with the alias or without. */
export const callers = (templates: Templates): { stack: string; id: string; type: string }[] =>
  Object.entries(templates).flatMap(([stack, template]) =>
    Object.entries(template.Resources ?? {}).flatMap(([id, resource]) =>
      namedBy(resource, template).length > 0 ? [{ stack, id, type: resource.Type }] : [],
    ),
  );

function namedBy(resource: TemplateResource, template: Template): string[] {
  const { Type, Properties = {} } = resource;
  if (OWN_PARTS.has(Type)) return [];
  if (Type === 'AWS::Lambda::EventInvokeConfig') return [`its function:${qualifierOf(Properties['Qualifier'], template)}`];
  if (Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::Role')
    return statementsOf(Properties).flatMap(({ Action, Resource }) =>
      [Action].flat().includes('lambda:InvokeFunction') ? namesIn(Resource, template) : [],
    );
  return namesIn(Properties, template);
}

/** The CDK takes it out of the ARN that an alias of the template has. */
function qualifierOf(qualifier: unknown, { Resources = {} }: Template): string {
  const text = JSON.stringify(qualifier) ?? '';
  const alias = Object.entries(Resources).find(([id, { Type }]) => Type === 'AWS::Lambda::Alias' && text.includes(`{"Ref":"${id}"}`));
  return String(alias === undefined ? qualifier : alias[1].Properties?.['Name']);
}

interface Statement {
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
}

function statementsOf(properties: Readonly<Record<string, unknown>>): Statement[] {
  const inline = (properties['Policies'] as { PolicyDocument: unknown }[] | undefined) ?? [];
  const documents = [properties['PolicyDocument'], ...inline.map(({ PolicyDocument }) => PolicyDocument)];
  return documents.flatMap((document) => (document as { Statement?: Statement[] } | undefined)?.Statement ?? []);
}

/** ARNs of functions, and references to functions of this template. An ARN of a log group has no such part. */
function namesIn(value: unknown, { Resources = {} }: Template): string[] {
  // The definition of a state machine is JSON within JSON.
  const text = (JSON.stringify(value) ?? '').replaceAll('\\"', '"');
  const arns = text.match(/:function:[\w-]+(?::[\w$-]+)?/g) ?? [];
  const functions = Object.entries(Resources).flatMap(([id, { Type }]) => (Type === 'AWS::Lambda::Function' ? [id] : []));
  const references = functions.filter((id) => text.includes(`{"Ref":"${id}"}`) || text.includes(`{"Fn::GetAtt":["${id}",`));
  return [...arns, ...references];
}
