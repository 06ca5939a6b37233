/** The services that Loadin speaks to. */
export type AwsService = 's3' | 'kinesis' | 'dynamodb' | 'secretsManager' | 'sts';

/** One endpoint for all services, or one each; what is missing is AWS's own. */
export type AwsEndpoints = string | Readonly<Partial<Record<AwsService, string>>>;

/** Domains that belong to AWS and its partitions (commercial, GovCloud, China, European Sovereign Cloud, isolated regions). */
const AWS_DOMAINS = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'api.aws',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'cloud.adc-e.uk',
  'csp.hci.ic.gov',
];

/** Whether requests go to AWS itself: yes without an endpoint, and for one inside a domain of AWS (VPC endpoints are). */
export function isAwsEndpoint(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return true;
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname.replace(/\.$/, '') : '';
  return AWS_DOMAINS.some((domain) => host.endsWith(`.${domain}`));
}

const VARIABLES: Readonly<Record<AwsService, string>> = {
  s3: 'AWS_ENDPOINT_URL_S3',
  kinesis: 'AWS_ENDPOINT_URL_KINESIS',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  secretsManager: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  sts: 'AWS_ENDPOINT_URL_STS',
};

/**
 * The endpoints that the SDK would take from these environment variables: the service's own variable, else `AWS_ENDPOINT_URL`, none when
 * `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is true. (AWS SDKs and Tools Reference Guide, "Service-specific endpoints". An endpoint in the
 * shared configuration file is not seen here: pass it as `endpoint`.)
 */
export function awsEndpointsOf(env: Readonly<Record<string, string | undefined>>): Readonly<Partial<Record<AwsService, string>>> {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true') return {};
  const found: Partial<Record<AwsService, string>> = {};
  for (const service of Object.keys(VARIABLES) as AwsService[]) {
    const endpoint = env[VARIABLES[service]] || env['AWS_ENDPOINT_URL'];
    if (endpoint) found[service] = endpoint;
  }
  return found;
}
