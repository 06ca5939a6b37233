/** One value of a secret. A version without stages is deprecated: kept for a while, reachable by its id only. */
export interface SecretVersion {
  readonly id: string;
  /** `AWSCURRENT`, `AWSPREVIOUS` or labels of the caller; a stage belongs to at most one version. */
  readonly stages: readonly string[];
  /** Epoch milliseconds. */
  readonly created: number;
  readonly text?: string;
  /** Base64. */
  readonly binary?: string;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds, all of them. */
  readonly created: number;
  readonly changed: number;
  /** When DeleteSecret was called. */
  readonly deleted?: number;
  /** From when on the secret can't be restored any more. */
  readonly purge?: number;
  /** Oldest first. */
  readonly versions: readonly SecretVersion[];
}

/** A journal entry is the whole secret after a change, so that the last one of a name wins. */
export type SecretEntry = { readonly put: Secret } | { readonly remove: string };

export type Input = Readonly<Record<string, unknown>>;
