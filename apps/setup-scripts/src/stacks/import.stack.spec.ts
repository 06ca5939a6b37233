import { loadEnvironment } from '@loadin/config';
import { parseEnvironments, resourceNames, type StackName, type SynthesizedTemplate } from '@loadin/infrastructure';
import { createClients } from '../clients.js';
import { importOf } from '../deploy/import-template.js';
import { sharedResources } from '../resources/of-stacks.js';
import { ACCOUNT, REGION, synthesized } from './synthesized.fixture.js';

const place = { account: ACCOUNT, region: REGION, suffix: '-dev' };
const names = resourceNames({ ...place, environment: 'dev' });

/** Names of all that `create` makes and this stack can. */
function madeByCreate(stack: StackName): string[] {
  const environment = parseEnvironments(JSON.stringify({ version: 1, environments: { dev: place } }), 'file').get('dev');
  if (environment === undefined) throw new Error('no environment');
  const clients = createClients(REGION, loadEnvironment({ cwd: import.meta.dirname, env: {} }));
  const made = sharedResources(stack, environment, clients).map(({ self }) => self.name);
  clients.close();
  return made;
}

function importFrom(stack: 'storage' | 'streaming'): ReturnType<typeof importOf> & { whole: SynthesizedTemplate } {
  const whole = synthesized('dev', stack).json[stack];
  if (whole?.Resources === undefined) throw new Error('no template');
  return { whole, ...importOf({ Resources: whole.Resources }, madeByCreate(stack)) };
}

describe('the import of a stack', () => {
  it.each([
    [
      'storage' as const,
      [
        { BucketName: names.rawBucket },
        { BucketName: names.bronzeBucket },
        { BucketName: names.processedBucket },
        { TableName: names.checkpointTable },
      ],
    ],
    ['streaming' as const, [{ Name: names.stream }]],
  ])('%s has everything that create makes, by its name', (stack, wanted) => {
    const { whole, template, mapping } = importFrom(stack);
    expect(Object.values(mapping)).toEqual(wanted);
    expect(Object.keys(template.Resources)).toEqual(Object.keys(mapping));
    for (const id of Object.keys(mapping))
      expect(template.Resources[id]).toMatchObject({ Type: whole.Resources?.[id]?.Type, DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    // Nothing is referred to that is not there yet.
    expect(JSON.stringify(template)).not.toMatch(/"(?:Ref|Fn::\w+|DependsOn)"/);
  });

  it('keeps the shards of a stream, and leaves the rest to the deployment that follows', () => {
    const { template } = importFrom('streaming');
    expect(Object.values(template.Resources).map(({ Properties }) => Properties)).toEqual([
      { Name: names.stream, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
    ]);
  });

  it('fails where the template lacks what is there', () => {
    expect(() => importOf({ Resources: {} }, ['s3://elsewhere'])).toThrow('The template has no s3://elsewhere');
  });
});
