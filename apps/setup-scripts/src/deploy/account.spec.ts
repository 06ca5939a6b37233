import * as s3 from '@aws-sdk/client-s3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useSetupWorld } from '../setup-world.fixture.js';

const world = useSetupWorld();
const environmentsFile = (account: string): void =>
  writeFileSync(join(world.dir, 'loadin.environments.yaml'), `version: 1\nenvironments:\n  dev: { account: '${account}', region: us-east-1 }\n`);

describe('with credentials of another account than the environment is in', () => {
  it.each([
    ['deploy', 'storage', '--yes'],
    ['diff', 'storage'],
    ['import', 'storage'],
    ['destroy', 'storage', '--yes'],
  ])('%s makes and calls nothing, and says whose they are', async (...args) => {
    environmentsFile('123456789012');
    const { status, complaints } = await world.setup(...args, '--environment', 'dev');
    expect({ status, complaints }).toEqual({
      status: 1,
      complaints: [
        'Error: These credentials are of account 000000000000, and environment dev is in 123456789012',
        '  at environments.dev.account',
        "  → Take that account's (aws sso login, AWS_PROFILE); a local stack is not deployed to: unset AWS_ENDPOINT_URL and its keys.",
      ].join('\n'),
    });
    expect((await world.clients.s3.send(new s3.ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
    expect(world.server.requests()).toEqual({ sts: { GetCallerIdentity: 1 }, s3: { ListBuckets: 1 } });
  });
});

it('import says where nothing is there that a stack could take over', async () => {
  environmentsFile('000000000000');
  for (const stack of ['storage', 'observability'])
    expect(await world.setup('import', stack, '--environment', 'dev')).toMatchObject({
      status: 1,
      complaints: expect.stringMatching(new RegExp(`^Error: There is nothing that the stack ${stack} could take over\n {2}→ Deploy it`)),
    });
});
