import { describeLake } from '@loadin/catalogue';
import type { StackName, SynthesizedTemplate } from '@loadin/infrastructure';
import { templates } from '@loadin/infrastructure/cdk';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stacks } from '../../stack.js';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

/** Two environments that between them have every stack: one says as little as can be said, the other asks for what differs. */
const SETTINGS = {
  prod: 'catalogue_file: lake.json, alarms: { email: ops@example.org }',
  dev: 'suffix: -dev, catalogue: true, network: { cidr: 10.40.0.0/20 }, tracing: true, data_events: true, sizes: { stream_shards: 0 }, retention: { landing_days: 14, stream_hours: 48, glacier_after_days: { raw: 30 } }',
} as const;

/** What `loadin-setup ddl --json` would say of a lake with one entity. */
const LAKE = describeLake({
  bronze: {
    bucket: 'lake',
    entities: [
      {
        entity: 'orders',
        versions: [
          {
            version: 1,
            columns: [
              { name: 'id', type: 'int64' },
              { name: 'Total', type: 'decimal(10,2)' },
            ],
          },
        ],
        key: ['id'],
      },
    ],
  },
  logs: { bucket: 'lake' },
});

export interface SynthesizedStacks {
  readonly json: Partial<Record<StackName, SynthesizedTemplate>>;
  readonly of: (stack: StackName) => Template;
}

/** The templates of these stacks and no others, as they are deployed. */
export function synthesized(name: keyof typeof SETTINGS, ...wanted: readonly StackName[]): SynthesizedStacks {
  const folder = mkdtempSync(join(tmpdir(), 'shared-stacks-'));
  try {
    writeFileSync(join(folder, 'lake.json'), JSON.stringify(LAKE));
    const json = templates({
      definitions: stacks.filter((stack) => wanted.includes(stack.name)),
      environments: `{ version: 1, environments: { ${name}: { account: '${ACCOUNT}', region: ${REGION}, ${SETTINGS[name]} } } }`,
      file: join(folder, 'loadin.environments.yaml'),
      name,
      workspace: resolve(import.meta.dirname, '../../../..'),
    });
    return { json, of: (stack) => Template.fromJSON(json[stack] ?? {}) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Rule {
  readonly Id: string;
  readonly Prefix?: string;
  readonly [field: string]: unknown;
}

/** As what a bucket is, by a part of its name. */
export const bucket = (template: Template, name: string) =>
  Object.values(template.findResources('AWS::S3::Bucket', { Properties: { BucketName: Match.stringLikeRegexp(name) } }))[0];

export const rulesOf = (template: Template, name: string): readonly Rule[] =>
  (bucket(template, name)?.['Properties'] as { LifecycleConfiguration: { Rules: Rule[] } }).LifecycleConfiguration.Rules;

/** Of everything that holds data, what becomes of it when its stack goes: `Retain/Retain`. */
export const fates = (template: Template): Set<string> =>
  new Set(
    ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Kinesis::Stream'].flatMap((type) =>
      Object.values(template.findResources(type)).map(({ DeletionPolicy, UpdateReplacePolicy }) => `${DeletionPolicy}/${UpdateReplacePolicy}`),
    ),
  );
