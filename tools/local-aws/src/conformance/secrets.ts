import assert from 'node:assert/strict';
import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  type GetSecretValueCommandOutput,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { eventually, refused } from './refusal.js';

interface SecretUnderTest {
  readonly name: string;
  readonly arn: string;
  read(more?: Partial<GetSecretValueCommandInput>): Promise<GetSecretValueCommandOutput>;
}

/** Runs a check with a new secret, and deletes it whatever happened. */
async function withSecret(
  { secrets, unique }: ConformanceClients,
  run: (secret: SecretUnderTest) => Promise<void>,
  settings: Partial<CreateSecretCommandInput> = { SecretString: 'one' },
): Promise<void> {
  const name = unique('loadin/secret');
  const { ARN } = await secrets.send(new CreateSecretCommand({ Name: name, ...settings }));
  try {
    await run({ name, arn: ARN ?? '', read: (more) => secrets.send(new GetSecretValueCommand({ SecretId: name, ...more })) });
  } finally {
    await secrets.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
  }
}

/** Secrets Manager, by its API reference. */
export const secretsChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  {
    id: 'secrets/create-get',
    title: 'a secret is read by its name and by its ARN',
    run: (clients) =>
      withSecret(
        clients,
        async ({ name, arn, read }) => {
          assert.match(arn, new RegExp(`^arn:aws:secretsmanager:[^:]+:\\d{12}:secret:${name}-[A-Za-z0-9]{6}$`));
          for (const SecretId of [name, arn]) {
            const secret = await read({ SecretId });
            assert.deepEqual(JSON.parse(secret.SecretString ?? ''), { api_key: 'ä"1' });
            assert.deepEqual([secret.Name, secret.ARN, secret.VersionStages], [name, arn, ['AWSCURRENT']]);
          }
        },
        { SecretString: JSON.stringify({ api_key: 'ä"1' }) },
      ),
  },
  {
    id: 'secrets/binary',
    title: 'a binary secret comes back byte by byte',
    run: (clients) =>
      withSecret(
        clients,
        async ({ read }) => {
          const { SecretBinary, SecretString } = await read();
          assert.deepEqual([...(SecretBinary ?? [])], [0, 127, 255]);
          assert.equal(SecretString, undefined);
        },
        { SecretBinary: Uint8Array.from([0, 127, 255]) },
      ),
  },
  {
    id: 'secrets/missing',
    title: 'a secret that does not exist is ResourceNotFoundException',
    run: async ({ secrets, unique }) => {
      await refused(secrets.send(new GetSecretValueCommand({ SecretId: unique('none') })), 'ResourceNotFoundException');
      await refused(secrets.send(new DescribeSecretCommand({ SecretId: unique('none') })), 'ResourceNotFoundException');
    },
  },
  {
    id: 'secrets/create-twice',
    title: 'a name in use is refused with ResourceExistsException',
    run: (clients) =>
      withSecret(clients, async ({ name }) => {
        await refused(clients.secrets.send(new CreateSecretCommand({ Name: name, SecretString: 'two' })), 'ResourceExistsException');
      }),
  },
  {
    id: 'secrets/versions',
    title: 'a new value becomes AWSCURRENT, the one before it AWSPREVIOUS',
    run: (clients) =>
      withSecret(clients, async ({ name, read }) => {
        const first = await read();
        await clients.secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'two' }));
        assert.equal((await read()).SecretString, 'two');
        assert.equal((await read({ VersionStage: 'AWSPREVIOUS' })).VersionId, first.VersionId);
        assert.equal((await read({ VersionId: first.VersionId })).SecretString, 'one');
        await clients.secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: 'three' }));
        assert.equal((await read({ VersionStage: 'AWSPREVIOUS' })).SecretString, 'two');
      }),
  },
  {
    id: 'secrets/unknown-version',
    title: 'a stage that no version has is ResourceNotFoundException',
    run: (clients) =>
      withSecret(clients, async ({ read }) => {
        await refused(read({ VersionStage: 'AWSPREVIOUS' }), 'ResourceNotFoundException');
      }),
  },
  {
    id: 'secrets/put-again',
    title: 'a repeated put with the same token changes nothing, with another value it is refused',
    run: (clients) =>
      withSecret(clients, async ({ name, read }) => {
        const put = (SecretString: string): Promise<unknown> =>
          clients.secrets.send(
            new PutSecretValueCommand({ SecretId: name, SecretString, ClientRequestToken: '6f1a2b3c-0000-4000-8000-000000000001' }),
          );
        await put('two');
        await put('two');
        assert.equal((await read({ VersionStage: 'AWSPREVIOUS' })).SecretString, 'one');
        await refused(put('three'), 'ResourceExistsException');
        assert.equal((await read()).SecretString, 'two');
      }),
  },
  {
    id: 'secrets/update-describe',
    title: 'UpdateSecret changes value and description, tags are added, DescribeSecret tells all but the value',
    run: (clients) =>
      withSecret(clients, async ({ name, arn, read }) => {
        await clients.secrets.send(new UpdateSecretCommand({ SecretId: name, SecretString: 'two', Description: 'of the payments API' }));
        await clients.secrets.send(new TagResourceCommand({ SecretId: name, Tags: [{ Key: 'team', Value: 'lake' }] }));
        assert.equal((await read()).SecretString, 'two');
        const secret = await clients.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
        assert.deepEqual([secret.Name, secret.Description, secret.Tags], [name, 'of the payments API', [{ Key: 'team', Value: 'lake' }]]);
        assert.deepEqual(
          Object.values(secret.VersionIdsToStages ?? {})
            .flat()
            .sort(),
          ['AWSCURRENT', 'AWSPREVIOUS'],
        );
        assert.ok(Math.abs(Date.now() - (secret.CreatedDate?.getTime() ?? 0)) < 120_000);
      }),
  },
  {
    id: 'secrets/delete-restore',
    title: 'a deleted secret cannot be read in its recovery window, and can be restored',
    run: (clients) =>
      withSecret(clients, async ({ name, read }) => {
        const { DeletionDate } = await clients.secrets.send(new DeleteSecretCommand({ SecretId: name, RecoveryWindowInDays: 7 }));
        assert.ok(Math.abs((DeletionDate?.getTime() ?? 0) - Date.now() - 7 * 86_400_000) < 86_400_000);
        await refused(read(), 'InvalidRequestException');
        await clients.secrets.send(new RestoreSecretCommand({ SecretId: name }));
        assert.equal((await read()).SecretString, 'one');
      }),
  },
  {
    id: 'secrets/delete-options',
    title: 'a recovery window outside 7 to 30 days, or with a forced deletion, is refused with InvalidParameterException',
    run: (clients) =>
      withSecret(clients, async ({ name }) => {
        const remove = (more: object): Promise<unknown> => clients.secrets.send(new DeleteSecretCommand({ SecretId: name, ...more }));
        await refused(remove({ RecoveryWindowInDays: 6 }), 'InvalidParameterException');
        await refused(remove({ RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }), 'InvalidParameterException');
      }),
  },
  {
    id: 'secrets/list',
    title: 'ListSecrets finds secrets by the beginning of their names',
    run: (clients) =>
      withSecret(clients, async ({ name, arn }) => {
        const find = new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [name.slice(0, -2)] }] });
        const { SecretList } = await eventually(
          'the secret is listed',
          () => clients.secrets.send(find),
          (answer) => (answer.SecretList ?? []).length > 0,
        );
        assert.deepEqual(
          SecretList?.map(({ ARN }) => ARN),
          [arn],
        );
      }),
  },
];
