import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { startLocalLambda, type LocalLambda, type LocalLambdaOptions } from '@loadin/local-lambda';
import { DATA_TYPES, differentIdsOf, expectedIds, idOf, idsOf, startServers, type DataType, type Servers } from '@loadin/specs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const ZIP = join(__dirname, '../dist/function.zip');
const SETTINGS = 'settings-of-a-spec';
const QUERY = 'genre:"grime"';

/** Small enough to be read within the sources' real limits in two seconds: the function has the real clock. */
const jobsFor = (countries: readonly string[]): string => `version: 1
streams:
  spotify.artists:
    queries: ['${QUERY}']
  ticketmaster.venues:
    countries: [${countries.join()}]
  ticketmaster.events:
    countries: [${countries.join()}]
    horizon_days: 30
jobs:
  daily:
    streams: [spotify.artists, ticketmaster.venues, ticketmaster.events]
    sinks: [s3_raw, kinesis]
`;

export interface World extends Pick<Servers, 'aws' | 'sources' | 'lake'> {
  /** The function as it is deployed, led to these servers; stopped with the world. */
  deploy(options?: Partial<LocalLambdaOptions>): LocalLambda;
  /** The ids that a run scheduled for `at` must bring, by the catalogue itself; sorted. */
  truth(at: string): Readonly<Record<DataType, string[]>>;
  /** The lake has every one of them once; the stream has every one, and where it has one twice it is the same record. */
  expectTheTruth(at: string, runId: string): Promise<void>;
  close(): Promise<void>;
}

/** Real servers with everything created; the jobs file lies in the bucket, as for a deployed function. */
export async function startWorld({ countries = ['SE'] }: { readonly countries?: readonly string[] } = {}): Promise<World> {
  if (!existsSync(ZIP)) throw new Error(`${ZIP} is missing: these specifications run what is deployed. Build it with: npx nx build ingestion-lambda`);
  const { aws, sources, lake, s3, env, close } = await startServers();
  await s3.send(new CreateBucketCommand({ Bucket: SETTINGS }));
  await s3.send(new PutObjectCommand({ Bucket: SETTINGS, Key: 'jobs.yaml', Body: jobsFor(countries) }));
  const functions: LocalLambda[] = [];
  const truth: World['truth'] = (at) => expectedIds(sources, { queries: [QUERY], countries, horizonDays: 30 }, at);
  return {
    aws,
    sources,
    lake,
    deploy(more = {}) {
      const settings = { ...env, LOADIN_JOBS: `s3://${SETTINGS}/jobs.yaml`, ...more.env };
      const deployed = startLocalLambda({ zip: ZIP, functionName: 'ingestion', timeoutMs: 60_000, memoryMB: 512, ...more, env: settings });
      functions.push(deployed);
      return deployed;
    },
    truth,
    async expectTheTruth(at, runId) {
      const expected = truth(at);
      const second = at.replaceAll(/[-:Z]/g, '').replace('T', '_');
      const streamed = (await lake.stream()).filter((record) => record['run_id'] === runId);
      for (const type of DATA_TYPES) {
        expect(idsOf(await lake.raw(type, second), type)).toEqual(expected[type]);
        const ofType = streamed.filter((record) => record['data_type'] === type);
        expect(differentIdsOf(ofType, type)).toEqual(expected[type]);
        expect(new Set(ofType.map((record) => `${idOf(record, type)} ${String(record['record_hash'])}`)).size).toBe(expected[type].length);
      }
    },
    async close() {
      for (const deployed of functions) await deployed.stop();
      await close();
    },
  };
}

const optionsOf = (endpoint: string) => ({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });

/** Makes a secret. @returns its ARN */
export async function createSecret(endpoint: string, name: string, value: object): Promise<string> {
  const client = new SecretsManagerClient(optionsOf(endpoint));
  const { ARN = name } = await client
    .send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(value) }))
    .finally(() => client.destroy());
  return ARN;
}

/** The keys of at most 1,000 objects. */
export async function keysIn(endpoint: string, bucket: string, prefix: string): Promise<string[]> {
  const client = new S3Client({ ...optionsOf(endpoint), forcePathStyle: true });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix })).finally(() => client.destroy());
  return Contents.map(({ Key = '' }) => Key);
}
