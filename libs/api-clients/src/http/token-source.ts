/** An access token in use. */
export interface Token {
  readonly value: string;
  /** Epoch milliseconds from which it is replaced. */
  readonly renewAt: number;
  /** Calls that the service answered otherwise than by 401. */
  accepted: number;
  /** Calls that wait for their answer now. */
  inFlight: number;
}

export interface TokenSource {
  /** The current token, or a new one; callers that ask together share one request. */
  get(signal?: AbortSignal): Promise<Token>;
  /** The service did not accept it: it is not given out again. */
  refuse(token: Token): void;
}
