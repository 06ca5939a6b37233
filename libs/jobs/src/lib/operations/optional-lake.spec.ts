import { toLoadinError } from '@loadin/aws';
import { oneLine, type ObjectStore } from '@loadin/pipeline';
import { createMemoryObjectStore } from '@loadin/testing';
import { bothLakes } from './both-lakes.js';
import { optionalLake } from './optional-lake.js';

/** What a bucket answers to a role that may read its objects and not list them. */
function unlistable(): ObjectStore {
  const denied = (operation: string, key: string): Error =>
    toLoadinError(Object.assign(new Error('Access Denied'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }), {
      ...{ service: 'S3', operation, resource: `s3://bronze/${key}` },
    });
  return {
    ...createMemoryObjectStore(),
    get: (key) => Promise.reject(denied('GetObject', key)),
    async *list(prefix) {
      yield await Promise.reject(denied('ListObjectsV2', prefix));
    },
  };
}

describe('a second bucket that may not be looked at', () => {
  const lake = bothLakes(createMemoryObjectStore(), optionalLake(unlistable(), 'S3_BUCKET_NAME'));
  const setting = 'S3_BUCKET_NAME names this bucket: without that setting only the other one is looked at.';

  it('is told of with the permission that is missing, and the setting that names it', async () => {
    const list = async () => {
      for await (const { key } of lake.list('_loadin/reports/')) expect(key).toBe('none');
    };
    await expect(list().catch(oneLine)).resolves.toBe(
      `S3 ListObjectsV2: access denied (AccessDenied): Access Denied (s3://bronze/_loadin/reports/). Give the role or user s3:ListBucket on s3://bronze; or use other credentials. ${setting}`,
    );
    await expect(lake.get('_loadin/plans/a.json').catch(oneLine)).resolves.toBe(
      'S3 GetObject: access denied (AccessDenied): Access Denied (s3://bronze/_loadin/plans/a.json). Give the role or user s3:GetObject on s3://bronze/* and ' +
        `s3:ListBucket on s3://bronze (without it, S3 says so of objects that are not there); or use other credentials. ${setting}`,
    );
  });

  it('passes on every other error as it is', async () => {
    const error = new Error('another');
    const broken = optionalLake({ ...createMemoryObjectStore(), get: () => Promise.reject(error) }, 'S3_BUCKET_NAME');
    await expect(broken.get('a')).rejects.toBe(error);
  });
});
