/** An answer that the SDK turns into its typed exception: `code` is the exception's name, `status` the HTTP status. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error body (S3 adds elements, JSON services add members). */
    readonly members: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = code;
  }
}

export interface CallContext {
  /** Epoch milliseconds, from the server's clock port. */
  readonly now: number;
  readonly region: string;
  readonly accountId: string;
  /** A fault asked for on this call that only the service can carry out. */
  readonly fault?: {
    /** Share (0 to 1) of the records of a Kinesis `PutRecords` to refuse with `ProvisionedThroughputExceededException`. */
    readonly partialRate: number;
    /** The next number of the fault's seeded sequence, in [0, 1): draw one for each record. */
    random(): number;
  };
}

/** A service of the JSON 1.1 protocol (`X-Amz-Target: {targetPrefix}.{Operation}`): Kinesis, Secrets Manager. */
export interface JsonService {
  readonly targetPrefix: string;
  /** Throws `AwsError`; whatever it answered is durable against `kill -9`. */
  call(operation: string, input: Record<string, unknown>, context: CallContext): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** A check of the conformance suite: SDK clients against any endpoint that claims to be AWS. */
export interface ConformanceCheck<Clients> {
  /** Stable and unique, e.g. `s3/put-if-none-match`: expected-failure files name it. */
  readonly id: string;
  readonly title: string;
  /** Throws when the endpoint does not behave as AWS documents. */
  run(clients: Clients): Promise<void>;
}
