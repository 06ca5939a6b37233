import type { LimitedSettings } from '../limited/limited-source.js';

export interface WorkerSettings {
  /** Of the limited server. */
  readonly url: string;
  /** Of DynamoDB. */
  readonly endpoint: string;
  readonly table: string;
  readonly caller: string;
  /** Calls in 24 hours. */
  readonly perDay: number;
  readonly limits: LimitedSettings;
}

/** What a worker says at last. */
export interface WorkerEnd {
  readonly calls: number;
  /** `quota`, or what went wrong. */
  readonly reason: string;
}
