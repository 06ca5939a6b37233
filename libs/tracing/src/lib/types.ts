import type { Logger } from '@loadin/observability';
import type { Clock } from '@loadin/resilience';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface TracingOptions {
  /**
   * The settings by name. OpenTelemetry's own code reads the process's environment: what stands here under `OTEL_…` and not there (because it comes from `.env`) is put
   * there.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `service.name` where neither `OTEL_SERVICE_NAME` nor `OTEL_RESOURCE_ATTRIBUTES` says another. */
  readonly serviceName: string;
  /** Is told once when spans can't be sent, once when they can be again, and of variables that are not understood. */
  readonly logger: Logger;
  /** Of AWS X-Ray's own endpoint: what requests are signed with. Default: `AWS_ACCESS_KEY_ID` and what belongs to it of `env`, which functions have. */
  readonly credentials?: () => Promise<AwsKeys>;
  /** How long `flush` and `close` may take, milliseconds. Default: 2,000, little beside a run and enough for a collector that works. */
  readonly mostMs?: number;
  /** For how long a collector that failed is left alone. Default: the system's. */
  readonly clock?: Pick<Clock, 'now'>;
}

/** Spans are sent by now, from time to time and when they are flushed. Nothing here rejects. */
export interface Tracing {
  /** Runs below the span that whoever called this process is in. `header` is what X-Ray says (`Root=1-…;Parent=…;Sampled=1`), and counts with `OTEL_PROPAGATORS=xray`; without a parent in it a new trace begins. */
  readonly below: <Result>(header: string | undefined, run: () => Result) => Result;
  /** Sends all that has ended: before a function answers, which stands still afterwards. At most `atMostMs` where that is less than `mostMs`. */
  readonly flush: (atMostMs?: number) => Promise<void>;
  /** Flushes, and ends what would keep the process from ending. No span is sent afterwards. */
  readonly close: () => Promise<void>;
}
