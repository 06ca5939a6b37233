import { FatalError } from '@loadin/resilience';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { isAwsEndpoint, type AwsEndpoints, type AwsService } from './endpoint.js';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface AwsClientSettings {
  /** E.g. `us-east-1`. */
  readonly region: string;
  /** Where the services are when that isn't AWS: `http://127.0.0.1:4566`, or one each (`awsEndpointsOf(process.env)`). Default: AWS's own. */
  readonly endpoint?: AwsEndpoints;
  /** Default: the SDK's chain (environment, profile, container, instance role). */
  readonly credentials?: AwsCredentials;
  /** Tries of the SDK for one request, the first included. Default: 5 (the SDK's 3 give up within a second, less than a usual throttling window). */
  readonly maxAttempts?: number;
  /** For one try: milliseconds until the whole answer must be there. Default: 30,000 (16 MB over a slow line). */
  readonly requestTimeoutMs?: number;
  /** Milliseconds until the connection must stand. Default: 5,000. */
  readonly connectionTimeoutMs?: number;
}

export interface HttpTimeouts {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  /** Without it the SDK only logs a warning when `requestTimeout` has passed, and goes on waiting. */
  readonly throwOnRequestTimeout: true;
}

export interface CommonClientOptions {
  readonly region: string;
  readonly maxAttempts: number;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials;
}

export interface AwsClientOptions {
  /**
   * `forcePathStyle` whenever the endpoint isn't AWS's: the SDK would otherwise put the bucket before the host name
   * (`bucket.localhost`), which resolves nowhere but at AWS.
   */
  readonly s3: CommonClientOptions & { readonly requestHandler: HttpTimeouts; readonly forcePathStyle: boolean };
  /**
   * The Kinesis client speaks HTTP/2 unless it is given another handler, and fails against a server on plain http. HTTP/1.1 serves every
   * call but SubscribeToShard, so it is used for AWS too: one way of working for both.
   */
  readonly kinesis: CommonClientOptions & { readonly requestHandler: NodeHttpHandler };
  readonly dynamodb: CommonClientOptions & { readonly requestHandler: HttpTimeouts };
  readonly secretsManager: CommonClientOptions & { readonly requestHandler: HttpTimeouts };
  readonly sts: CommonClientOptions & { readonly requestHandler: HttpTimeouts };
}

/** Constructor options for the clients of AWS SDK v3, the same ones for AWS and for anything that speaks like it. Throws `FatalError` for an endpoint that is no http(s) URL. */
export function awsClientOptions(settings: AwsClientSettings): AwsClientOptions {
  const { region, credentials, maxAttempts = 5, requestTimeoutMs = 30_000, connectionTimeoutMs = 5_000 } = settings;
  const timeouts: HttpTimeouts = { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs, throwOnRequestTimeout: true };
  const common = (service: AwsService): CommonClientOptions => {
    const endpoint = endpointFor(service, settings.endpoint);
    return { region, maxAttempts, ...(endpoint !== undefined && { endpoint }), ...(credentials && { credentials }) };
  };
  const s3 = common('s3');
  return {
    s3: { ...s3, requestHandler: timeouts, forcePathStyle: !isAwsEndpoint(s3.endpoint) },
    kinesis: { ...common('kinesis'), requestHandler: new NodeHttpHandler(timeouts) },
    dynamodb: { ...common('dynamodb'), requestHandler: timeouts },
    secretsManager: { ...common('secretsManager'), requestHandler: timeouts },
    sts: { ...common('sts'), requestHandler: timeouts },
  };
}

function endpointFor(service: AwsService, endpoints: AwsEndpoints | undefined): string | undefined {
  const endpoint = typeof endpoints === 'string' ? endpoints : endpoints?.[service];
  if (endpoint === undefined) return undefined;
  if (URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)) return endpoint;
  throw new FatalError(`The AWS endpoint for ${service} is not an http(s) URL`, {
    where: 'AWS_ENDPOINT_URL',
    hint: 'Write it like http://127.0.0.1:4566.',
  });
}
