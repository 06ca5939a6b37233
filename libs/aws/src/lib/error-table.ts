import type { ErrorAction } from '@loadin/resilience';

/** What an error code of AWS means to a user of Loadin. */
export interface AwsErrorMeaning {
  readonly action: ErrorAction;
  /** What happened, as the end of "S3 PutObject: …". */
  readonly text: string;
  /** What to do about it. */
  readonly hint: string;
  /** Append the service's own words: they name what the code doesn't (the missing permission, the wrong field). */
  readonly detail?: true;
  /** A permission is missing: where the call tells which, the hint is that one. */
  readonly permission?: true;
}

interface Row extends AwsErrorMeaning {
  readonly codes: readonly string[];
}

const CREDENTIALS = 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile or role they come from.';
const LATER = 'Run it again later: it goes on where it stopped.';

/**
 * Codes as the SDK reports them in `error.name` (S3: "Error responses"; JSON services: "Common errors" and each operation's page),
 * and Node's codes for failures below HTTP. First match counts.
 */
const ROWS: readonly Row[] = [
  {
    codes: ['InvalidAccessKeyId', 'UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidToken'],
    action: 'fatal',
    text: 'AWS does not know these credentials',
    hint: CREDENTIALS,
  },
  {
    codes: ['SignatureDoesNotMatch', 'InvalidSignatureException', 'IncompleteSignature', 'IncompleteSignatureException'],
    action: 'fatal',
    text: 'the secret key does not belong to the access key',
    hint: CREDENTIALS,
  },
  {
    codes: ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired'],
    action: 'fatal',
    text: 'the session credentials have expired',
    hint: 'Get new ones (for example with "aws sso login") and run it again.',
  },
  {
    codes: [
      'CredentialsProviderError',
      'TokenProviderError',
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
      'MissingSecurityHeader',
    ],
    action: 'fatal',
    text: 'there are no AWS credentials',
    hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
  },
  {
    codes: ['AccessDenied', 'AccessDeniedException', 'Forbidden', 'AllAccessDisabled', 'AccountProblem', 'OptInRequired', 'NotAuthorized'],
    action: 'fatal',
    text: 'access denied',
    hint: 'Give the role or user this permission, or use other credentials.',
    detail: true,
    permission: true,
  },
  {
    codes: ['RequestTimeTooSkewed'],
    action: 'fatal',
    text: "this machine's clock differs from AWS's by more than 15 minutes",
    hint: 'Set the clock.',
  },
  {
    codes: ['NoSuchBucket'],
    action: 'fatal',
    text: 'the bucket does not exist',
    hint: 'Create it ("loadin-setup create"), or correct its name and AWS_REGION.',
  },
  {
    codes: ['InvalidBucketName'],
    action: 'fatal',
    text: 'this is not a valid bucket name',
    hint: 'Bucket names have 3 to 63 lower-case letters, digits, dots and hyphens.',
  },
  {
    codes: ['PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'],
    action: 'fatal',
    text: 'the bucket is in another region',
    hint: 'Set AWS_REGION to the region of the bucket.',
    detail: true,
  },
  { codes: ['NoSuchKey'], action: 'fatal', text: 'it does not exist', hint: 'Check the name.' },
  // HEAD requests have no body, so S3 can't say whether bucket or object is missing.
  { codes: ['NotFound'], action: 'fatal', text: 'it does not exist', hint: 'Create the bucket ("loadin-setup create"), or correct the name.' },
  {
    codes: ['ResourceNotFoundException'],
    action: 'fatal',
    text: 'it does not exist in this account and region',
    hint: 'Create it (streams and tables: "loadin-setup create"), or correct its name and AWS_REGION.',
  },
  {
    codes: [
      'KMSAccessDeniedException',
      'KMSDisabledException',
      'KMSInvalidStateException',
      'KMSNotFoundException',
      'KMSOptInRequired',
      'KMS.NotFoundException',
      'KMS.DisabledException',
    ],
    action: 'fatal',
    text: 'the encryption key cannot be used',
    hint: 'Check the KMS key, its state and its policy.',
    detail: true,
  },
  {
    codes: [
      'ValidationException',
      'InvalidArgument',
      'InvalidArgumentException',
      'InvalidRequest',
      'MalformedXML',
      'SerializationException',
      'EntityTooLarge',
    ],
    action: 'fatal',
    text: 'AWS refused the request',
    hint: 'If the settings are right this is a fault of Loadin: please report it.',
    detail: true,
  },
  {
    codes: [
      'ProvisionedThroughputExceededException',
      'ThrottlingException',
      'Throttling',
      'ThrottledException',
      'TooManyRequestsException',
      'RequestLimitExceeded',
      'RequestThrottled',
      'RequestThrottledException',
      'BandwidthLimitExceeded',
      'LimitExceededException',
      'KMSThrottlingException',
      'SlowDown',
    ],
    action: 'retry',
    text: 'AWS asked to slow down, again and again',
    hint: `Raise the limit (shards, table capacity) or ${LATER.charAt(0).toLowerCase()}${LATER.slice(1)}`,
  },
  {
    codes: ['ConditionalRequestConflict', 'OperationAborted', 'ResourceInUseException', 'TransactionConflictException'],
    action: 'retry',
    text: 'somebody else is changing it just now',
    hint: LATER,
  },
  {
    codes: ['BadDigest', 'IncompleteBody', 'XAmzContentChecksumMismatch', 'InvalidDigest'],
    action: 'retry',
    text: 'the body was damaged on its way',
    hint: LATER,
  },
  {
    codes: [
      'InternalError',
      'InternalFailure',
      'InternalFailureException',
      'InternalServerError',
      'InternalServiceError',
      'InternalServiceErrorException',
      'ServiceUnavailable',
      'ServiceUnavailableException',
    ],
    action: 'retry',
    text: 'AWS has a fault',
    hint: LATER,
    detail: true,
  },
  {
    codes: ['TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'],
    action: 'retry',
    text: 'no answer in time',
    hint: `Check the network and the endpoint. ${LATER}`,
  },
  { codes: ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'], action: 'retry', text: 'the connection broke', hint: LATER },
  {
    codes: ['ECONNREFUSED'],
    action: 'retry',
    text: 'nothing listens there',
    hint: 'Check AWS_ENDPOINT_URL, and that the server is running (the local one: eval "$(npx loadin local up)").',
    detail: true,
  },
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
    action: 'retry',
    text: 'the endpoint cannot be reached',
    hint: 'Check AWS_REGION, AWS_ENDPOINT_URL and the network.',
    detail: true,
  },
];

/** For codes that the table doesn't name, by HTTP status; ranges include both ends. */
const STATUSES: readonly (AwsErrorMeaning & { readonly from: number; readonly to: number })[] = [
  { from: 301, to: 307, action: 'fatal', text: 'the resource is in another region', hint: 'Set AWS_REGION to its region.' },
  { from: 401, to: 401, action: 'fatal', text: 'AWS does not accept these credentials', hint: CREDENTIALS },
  {
    from: 403,
    to: 403,
    action: 'fatal',
    text: 'access denied',
    hint: 'Give the role or user this permission, or use other credentials.',
    detail: true,
  },
  { from: 404, to: 404, action: 'fatal', text: 'it does not exist', hint: 'Check the name and AWS_REGION.', detail: true },
  { from: 408, to: 408, action: 'retry', text: 'no answer in time', hint: LATER },
  { from: 429, to: 429, action: 'retry', text: 'AWS asked to slow down, again and again', hint: LATER },
  { from: 500, to: 599, action: 'retry', text: 'AWS has a fault', hint: LATER, detail: true },
  { from: 400, to: 499, action: 'fatal', text: 'AWS refused the request', hint: 'Check the settings that name it.', detail: true },
];

const BY_CODE: ReadonlyMap<string, AwsErrorMeaning> = new Map(ROWS.flatMap((row) => row.codes.map((code) => [code, row] as const)));

/** The meaning of an AWS or Node error code, by HTTP status when the code says nothing; `undefined` for one that isn't AWS's. */
export function meaningOf(codes: readonly string[], status?: number): AwsErrorMeaning | undefined {
  for (const code of codes) {
    const meaning = BY_CODE.get(code);
    if (meaning) return meaning;
  }
  return status === undefined ? undefined : STATUSES.find(({ from, to }) => status >= from && status <= to);
}
