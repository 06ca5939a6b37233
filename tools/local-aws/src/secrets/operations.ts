import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError, type CallContext } from '../service.js';
import { integerBetween, optionalText, requiredText, secretName, secretValue, tagList } from './input.js';
import type { SecretStore } from './store.js';
import type { Input, Secret } from './types.js';
import { addVersion, findVersion } from './versions.js';

type Operation = (store: SecretStore, input: Input, context: CallContext) => Promise<Record<string, unknown>>;

const DAY = 86_400_000;
const seconds = (milliseconds: number | undefined): number | undefined => (milliseconds === undefined ? undefined : milliseconds / 1000);

function existing(store: SecretStore, input: Input, context: CallContext): Secret {
  return store.find(requiredText(input, 'SecretId'), context.now);
}

function usable(store: SecretStore, input: Input, context: CallContext): Secret {
  const secret = existing(store, input, context);
  if (secret.deleted !== undefined) {
    throw new AwsError('InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion.");
  }
  return secret;
}

const createSecret: Operation = async (store, input, { now, region, accountId }) => {
  const name = secretName(input);
  const value = secretValue(input);
  const token = optionalText(input, 'ClientRequestToken', 64) ?? randomUUID();
  const old = store.all().find((secret) => secret.name === name && !(secret.purge !== undefined && secret.purge <= now));
  if (old?.deleted !== undefined) {
    throw new AwsError('InvalidRequestException', "You can't create this secret because a secret with this name is already scheduled for deletion.");
  }
  if (old) {
    const repeated = old.versions.find((version) => version.id === token);
    if (!repeated || repeated.text !== value?.text || repeated.binary !== value?.binary) {
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    }
    return { ARN: old.arn, Name: name, VersionId: token };
  }
  const suffix = randomBytes(8)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, 'x')
    .slice(0, 6);
  const empty: Secret = {
    name,
    arn: `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${suffix}`,
    description: optionalText(input, 'Description'),
    kmsKeyId: optionalText(input, 'KmsKeyId'),
    tags: tagList(input),
    created: now,
    changed: now,
    versions: [],
  };
  const secret = value ? addVersion(empty, token, value, now) : empty;
  await store.save(secret);
  return { ARN: secret.arn, Name: name, VersionId: value ? token : undefined };
};

const getSecretValue: Operation = async (store, input, context) => {
  const secret = usable(store, input, context);
  const version = findVersion(secret, optionalText(input, 'VersionId', 64), optionalText(input, 'VersionStage', 256));
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: version.stages,
    SecretString: version.text,
    SecretBinary: version.binary,
    CreatedDate: seconds(version.created),
  };
};

const putSecretValue: Operation = async (store, input, context) => {
  const secret = usable(store, input, context);
  const value = secretValue(input);
  if (!value) throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  const token = optionalText(input, 'ClientRequestToken', 64) ?? randomUUID();
  const stages = input['VersionStages'] as string[] | undefined;
  const next = addVersion(secret, token, value, context.now, stages);
  await store.save(next);
  const version = next.versions.find(({ id }) => id === token);
  return { ARN: next.arn, Name: next.name, VersionId: token, VersionStages: version?.stages };
};

const updateSecret: Operation = async (store, input, context) => {
  const secret = usable(store, input, context);
  const value = secretValue(input);
  const token = optionalText(input, 'ClientRequestToken', 64) ?? randomUUID();
  const settings: Secret = {
    ...secret,
    description: optionalText(input, 'Description') ?? secret.description,
    kmsKeyId: optionalText(input, 'KmsKeyId') ?? secret.kmsKeyId,
    changed: context.now,
  };
  await store.save(value ? addVersion(settings, token, value, context.now) : settings);
  return { ARN: secret.arn, Name: secret.name, VersionId: value ? token : undefined };
};

const deleteSecret: Operation = async (store, input, context) => {
  const force = input['ForceDeleteWithoutRecovery'] === true;
  if (force && input['RecoveryWindowInDays'] !== undefined) {
    throw new AwsError('InvalidParameterException', "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  const days = integerBetween(input, 'RecoveryWindowInDays', 7, 30, 30);
  const secret = force ? existing(store, input, context) : usable(store, input, context);
  const purge = force ? context.now : context.now + days * DAY;
  await (force ? store.remove(secret.name) : store.save({ ...secret, deleted: context.now, purge }));
  return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(purge) };
};

const restoreSecret: Operation = async (store, input, context) => {
  const secret = existing(store, input, context);
  await store.save({ ...secret, deleted: undefined, purge: undefined });
  return { ARN: secret.arn, Name: secret.name };
};

const tagResource: Operation = async (store, input, context) => {
  const secret = usable(store, input, context);
  await store.save({ ...secret, tags: { ...secret.tags, ...tagList(input) } });
  return {};
};

const untagResource: Operation = async (store, input, context) => {
  const secret = usable(store, input, context);
  const gone = new Set(Array.isArray(input['TagKeys']) ? input['TagKeys'] : []);
  await store.save({ ...secret, tags: Object.fromEntries(Object.entries(secret.tags).filter(([key]) => !gone.has(key))) });
  return {};
};

function described(secret: Secret): Record<string, unknown> {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    RotationEnabled: false,
    CreatedDate: seconds(secret.created),
    LastChangedDate: seconds(secret.changed),
    DeletedDate: seconds(secret.deleted),
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

const stagesById = (secret: Secret): Record<string, readonly string[]> =>
  Object.fromEntries(secret.versions.filter((version) => version.stages.length > 0).map(({ id, stages }) => [id, stages]));

const describeSecret: Operation = async (store, input, context) => {
  const secret = existing(store, input, context);
  return { ...described(secret), VersionIdsToStages: stagesById(secret) };
};

const listSecrets: Operation = async (store, input, { now }) => {
  const size = integerBetween(input, 'MaxResults', 1, 100, 100);
  const after = Buffer.from(optionalText(input, 'NextToken') ?? '', 'base64url').toString();
  const filters = (input['Filters'] ?? []) as { Key?: string; Values?: string[] }[];
  const secrets = store
    .all()
    .filter(
      (secret) => (secret.deleted === undefined || input['IncludePlannedDeletion'] === true) && !(secret.purge !== undefined && secret.purge <= now),
    )
    .filter((secret) => filters.every((filter) => matches(secret, filter.Key, filter.Values ?? [])))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(({ name }) => name > after);
  const page = secrets.slice(0, size);
  const more = secrets.length > size;
  return {
    SecretList: page.map((secret) => ({ ...described(secret), SecretVersionsToStages: stagesById(secret) })),
    NextToken: more ? Buffer.from(page.at(-1)?.name ?? '').toString('base64url') : undefined,
  };
};

/** Name is matched by prefix, as the API reference of ListSecrets says; a value that begins with `!` negates. */
function matches(secret: Secret, key: string | undefined, values: readonly string[]): boolean {
  const fields: Record<string, readonly string[]> = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': Object.keys(secret.tags),
    'tag-value': Object.values(secret.tags),
  };
  const texts = key === 'all' ? Object.values(fields).flat() : fields[key ?? ''];
  if (!texts)
    throw new AwsError(
      'InvalidParameterException',
      `There is no filter ${String(key)}: name, description, tag-key, tag-value and all are supported.`,
    );
  return values.some((value) =>
    value.startsWith('!') ? !texts.some((text) => text.startsWith(value.slice(1))) : texts.some((text) => text.startsWith(value)),
  );
}

export const operations: Readonly<Record<string, Operation>> = {
  CreateSecret: createSecret,
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
  UpdateSecret: updateSecret,
  DescribeSecret: describeSecret,
  ListSecrets: listSecrets,
  DeleteSecret: deleteSecret,
  RestoreSecret: restoreSecret,
  TagResource: tagResource,
  UntagResource: untagResource,
};
