import type { JobDefinition } from '@loadin/config';
import { FatalError } from '@loadin/resilience';
import type { EnvironmentSettings } from './environments/types.js';
import { loadsEntities, sourcesOf } from './jobs.js';
import { arns, type ResourceNames } from './names.js';

export interface RunSettingsOptions {
  readonly environment: EnvironmentSettings;
  readonly names: ResourceNames;
  /** The jobs that are run with them: only what these need is set. */
  readonly jobs: readonly JobDefinition[];
  /** `s3://bucket/key`; undefined: the jobs file that is built in. */
  readonly jobsFile: string | undefined;
}

/**
 * The variables by which an app sends traces to X-Ray of its region, by its own endpoint for OpenTelemetry, and as X-Ray says whether a call is recorded; none where the
 * environment has no `tracing`. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html
 */
export function traceSettings({ tracing, region, name }: EnvironmentSettings, service: string): Record<string, string> {
  if (!tracing) return {};
  return {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `https://xray.${region}.amazonaws.com/v1/traces`,
    OTEL_PROPAGATORS: 'xray',
    OTEL_SERVICE_NAME: service,
    OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${name}`,
  };
}

/**
 * The environment variables that jobs are run with, in a function or in a container. Credentials are named and never given.
 * @throws FatalError for jobs that read an API whose address the environment does not say
 */
export function runSettings({ environment, names, jobs, jobsFile }: RunSettingsOptions): Record<string, string> {
  const sources = sourcesOf(jobs);
  const secret = (name: string): string => arns.secret(environment, name);
  const { spotify, ticketmaster, database, apiKey } = names.secrets;
  const { paymentsApiUrl, shipmentsApiUrl } = environment.bronze;
  const address = (source: 'payments' | 'shipments', url: string | undefined): string => {
    if (url !== undefined) return url;
    throw new FatalError(`Jobs read ${source}, and the environment ${environment.name} does not say where that is`, {
      where: `environments.${environment.name}.bronze`,
      hint: `Set ${source}_api_url there.`,
    });
  };
  return {
    CHECKPOINT_STORE: `dynamodb://${names.checkpointTable}`,
    S3_BUCKET_NAME: names.bronzeBucket,
    ...(jobs.every(loadsEntities) ? {} : { AWS_S3_BUCKET_RAW: names.rawBucket, AWS_KINESIS_STREAM_NAME: names.stream }),
    ...(jobs.length === 1 && jobs[0] !== undefined && { LOADIN_JOB: jobs[0].name }),
    ...(jobsFile !== undefined && { LOADIN_JOBS: jobsFile }),
    ...(sources.has('spotify') && { API_SPOTIFY_CLIENT_ID: secret(spotify), API_SPOTIFY_CLIENT_SECRET: secret(spotify) }),
    ...(sources.has('ticketmaster') && { API_TICKETMASTER_API_KEY: secret(ticketmaster) }),
    ...(sources.has('postgres') && { RDS_SECRET_ARN: secret(database) }),
    ...(sources.has('payments') && { PAYMENTS_API_URL: address('payments', paymentsApiUrl) }),
    ...(sources.has('shipments') && { SHIPMENTS_API_URL: address('shipments', shipmentsApiUrl) }),
    ...((sources.has('payments') || sources.has('shipments')) && { API_KEY_SECRET_ARN: secret(apiKey) }),
  };
}
