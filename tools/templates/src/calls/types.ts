/** Whose calls they are: the functions of the stack `ingestion`, and `loadin run` in a container. */
export const CALLERS = ['ingestion', 'bronze', 'loadin-run'] as const;
export type Caller = (typeof CALLERS)[number];

/** What is called, by its purpose; its name differs by environment. */
export type Target = 'raw' | 'bronze' | 'logs' | 'jobs-file' | 'table' | 'stream' | `secret:${string}`;

/** A kind of call that a built app makes. What differs from run to run (ids, days, names of files) is left out. */
export interface Call {
  readonly caller: Caller;
  /** As `@loadin/local-aws` names them: `s3`, `GetObject`. */
  readonly service: string;
  readonly operation: string;
  readonly target: Target;
  /** The first two folders of an object's key or of a listing; the first part of an item's key. */
  readonly folder?: string;
  readonly version?: true;
  readonly ifMatch?: true;
  readonly missing?: true;
}

/** What IAM is asked. */
export interface Permission {
  readonly action: string;
  /** ARN */
  readonly resource: string;
  readonly context: Readonly<Record<string, string | string[]>>;
}

/** ARNs of an environment. */
export interface Place {
  bucket(target: 'raw' | 'bronze' | 'logs' | 'jobs-file'): string;
  /** Of the file itself. */
  readonly jobsFile: string | undefined;
  readonly table: string;
  readonly stream: string;
  secret(name: string): string;
}
