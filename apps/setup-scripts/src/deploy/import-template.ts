import type { StackName } from '@loadin/infrastructure';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A resource with what becomes of it when it leaves its stack, which an import has to say. */
interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

/** What CloudFormation imports a resource by: `{ Raw72517081: { BucketName: 'concert-data-raw' } }`. */
export type ResourceMapping = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Kind {
  /** Of its name, as resources are named here: `s3://concert-data-raw` */
  readonly scheme: string;
  readonly nameProperty: string;
  /** What a template has to say of it, and what must not change by the deployment that follows: a stream keeps its shards. */
  readonly needed: readonly string[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html */
const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::S3::Bucket': { scheme: 's3', nameProperty: 'BucketName', needed: [] },
  'AWS::DynamoDB::Table': { scheme: 'dynamodb', nameProperty: 'TableName', needed: ['AttributeDefinitions', 'KeySchema', 'BillingMode'] },
  'AWS::Kinesis::Stream': { scheme: 'kinesis', nameProperty: 'Name', needed: ['ShardCount', 'StreamModeDetails'] },
};

/**
 * A template with these resources and no others, each with no more than it takes to import it. CloudFormation believes what the template of an import says and changes nothing:
 * what is left out is what the deployment that follows sets. And what a bucket refers to need not be there yet.
 * @param names of resources that are there: `s3://concert-data-raw`
 * @throws Error when the template lacks one of them
 */
export function importOf(template: Template, names: readonly string[]): { template: Template; mapping: ResourceMapping } {
  const kept = names.map((name) => {
    const found = Object.entries(template.Resources).find(([, resource]) => nameOf(resource) === name);
    if (found === undefined) throw new Error(`The template has no ${name}`);
    return found;
  });
  const resources = kept.map(([id, { Type, Properties = {}, DeletionPolicy, UpdateReplacePolicy }]) => {
    const { nameProperty = '', needed = [] } = KINDS[Type] ?? {};
    const properties = Object.entries(Properties).filter(([property]) => property === nameProperty || needed.includes(property));
    return [id, { Type, DeletionPolicy, UpdateReplacePolicy, Properties: Object.fromEntries(properties) }] as const;
  });
  const mapping = kept.map(([id, { Type, Properties = {} }]) => {
    const { nameProperty = '' } = KINDS[Type] ?? {};
    return [id, { [nameProperty]: String(Properties[nameProperty]) }] as const;
  });
  return { template: { ...template, Resources: Object.fromEntries(resources) }, mapping: Object.fromEntries(mapping) };
}

function nameOf({ Type, Properties = {} }: TemplateResource): string | undefined {
  const kind = KINDS[Type];
  return kind && `${kind.scheme}://${String(Properties[kind.nameProperty])}`;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { readonly properties?: Readonly<Record<string, unknown>>; readonly dependencies?: readonly string[] }>
  >;
}

/**
 * Leaves of what was synthesized what a stack imports. Its files are published no more: the template is another one than the name by its hash says.
 * @returns what the CDK is told: which resource of the template is which of the account
 */
export function keepForImport(folder: string, stack: StackName, names: readonly string[]): ResourceMapping {
  const file = join(folder, `${stack}.template.json`);
  const { template, mapping } = importOf(JSON.parse(readFileSync(file, 'utf8')) as Template, names);
  writeFileSync(file, JSON.stringify(template));
  const manifestFile = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  const { properties = {}, ...own } = manifest.artifacts[stack] ?? {};
  const said = without(properties, 'stackTemplateAssetObjectUrl', 'additionalDependencies');
  const artifacts = { ...without(manifest.artifacts, `${stack}.assets`), [stack]: { ...own, properties: said, dependencies: [] } };
  writeFileSync(manifestFile, JSON.stringify({ ...manifest, artifacts }));
  return mapping;
}

function without<Value>(whole: Readonly<Record<string, Value>>, ...keys: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => !keys.includes(key)));
}
