// The functions that were deployed, with the settings that they were deployed with, in a local Lambda runtime; AWS is what the stacks made in moto.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { parseEnvironments, resourceNames } from '@loadin/infrastructure';
import { startLocalLambda } from '@loadin/local-lambda';
import { startUpstreams } from '@loadin/upstreams';
import { ENVIRONMENTS_FILE } from '../synthesize.mjs';
import { consume } from './run-consumer.mjs';
import { invoke } from './invoke.mjs';
import { recordsOf } from './stream-records.mjs';

export async function runDeployed({ root }, env) {
  const settings = parseEnvironments(readFileSync(ENVIRONMENTS_FILE, 'utf8'), ENVIRONMENTS_FILE).get('dev');
  const names = resourceNames({ ...settings, environment: 'dev' });
  const options = {
    endpoint: env.AWS_ENDPOINT_URL,
    region: 'us-east-1',
    credentials: { accessKeyId: 'independent', secretAccessKey: 'independent' },
  };
  const upstreams = await startUpstreams();
  const lambda = new LambdaClient(options);
  try {
    await makeSecrets(options, names, upstreams.credentials);
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: names.ingestionFunction }));
    const led = {
      ...Environment.Variables,
      ...{ AWS_ENDPOINT_URL: env.AWS_ENDPOINT_URL, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'independent', AWS_SECRET_ACCESS_KEY: 'independent' },
      ...{
        API_SPOTIFY_BASE_URL: upstreams.spotifyUrl,
        API_SPOTIFY_ACCOUNTS_URL: upstreams.spotifyAccountsUrl,
        API_TICKETMASTER_BASE_URL: upstreams.ticketmasterUrl,
      },
    };
    const zip = join(root, 'apps/ingestion-lambda/dist/function.zip');
    const deployed = startLocalLambda({ zip, functionName: names.ingestionFunction, timeoutMs: 120_000, memoryMB: 512, env: led });
    try {
      const run = await invoke(deployed, { job_type: 'artist_refresh', scheduled_time: '2026-03-02T03:00:00Z' });
      if (run.status !== 'complete') throw new Error(`the run is not complete: ${JSON.stringify(run)}`);
      const plan = await invoke(deployed, { job_type: 'daily', scheduled_time: '2026-03-02T02:00:00Z', phase: 'plan' });
      if (plan.status !== 'planned') throw new Error(`the run is not planned: ${JSON.stringify(plan)}`);
      const delivered = await compare(options, names, run);
      return [delivered, `a daily run planned: ${plan.waves.length} waves`, await consume({ root, env, names, options })];
    } finally {
      await deployed.stop();
    }
  } finally {
    lambda.destroy();
    await upstreams.close();
  }
}

/** moto's CloudFormation skips secrets; nor does a stack know what is in them. */
async function makeSecrets(options, names, credentials) {
  const client = new SecretsManagerClient(options);
  const secret = (Name, value) => client.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
  await secret(names.secrets.spotify, { client_id: credentials.spotifyClientId, client_secret: credentials.spotifyClientSecret });
  await secret(names.secrets.ticketmaster, { api_key: credentials.ticketmasterApiKey });
  client.destroy();
}

/** What the run says that it delivered lies in the bucket, on the stream and in the table that the stacks made. */
async function compare(options, names, { counts, run_id }) {
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const kinesis = new KinesisClient({ ...options, requestHandler: new NodeHttpHandler() });
  const dynamodb = new DynamoDBClient(options);
  try {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: names.rawBucket, Prefix: 'raw/spotify/artists/' }));
    const records = (await recordsOf(kinesis, names.stream)).map(({ record }) => record);
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: names.checkpointTable }));
    const { accepted } = counts['spotify.artists'];
    if (Contents.length === 0) throw new Error(`nothing lies in ${names.rawBucket}`);
    if (records.filter((record) => record.run_id === run_id).length !== accepted)
      throw new Error(`${accepted} records were accepted, ${records.length} are on ${names.stream}`);
    if (!Items.some(({ pk }) => pk.S === `run/${run_id}`)) throw new Error(`${names.checkpointTable} does not know the run`);
    return `artist_refresh ran: ${accepted} records on ${names.stream}, ${Contents.length} objects in ${names.rawBucket}, ${Items.length} items in ${names.checkpointTable}`;
  } finally {
    for (const client of [s3, kinesis, dynamodb]) client.destroy();
  }
}
