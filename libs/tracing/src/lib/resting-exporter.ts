import type { Clock } from '@loadin/resilience';
import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

export interface RestingOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** From now on nothing is sent for a while. */
  readonly onRest: (error: unknown) => void;
  /** Spans arrive again; so many did not since. */
  readonly onRecovery: (dropped: number) => void;
  /** Milliseconds without sending. Default: a minute, in which a collector that hangs costs its time once. */
  readonly restMs?: number;
}

export interface RestingExporter extends SpanExporter {
  /** For what takes longer than anybody waits: as if it had failed. */
  failed(error: unknown): void;
}

const REST_MS = 60_000;

/** An exporter that is left alone for a while when it fails: what hangs would cost its time at each flush. Spans are dropped and counted meanwhile; the next ones try again. */
export function restingExporter(exporter: SpanExporter, { clock, onRest, onRecovery, restMs = REST_MS }: RestingOptions): RestingExporter {
  let failedAt: number | undefined;
  let dropped = 0;
  const rests = (): boolean => {
    if (failedAt === undefined) return false;
    const ms = clock.now() - failedAt;
    // A clock that was put back is no reason to wait for it.
    return ms >= 0 && ms < restMs;
  };
  const failed = (error: unknown): void => {
    const isNew = failedAt === undefined;
    failedAt = clock.now();
    if (isNew) onRest(error);
  };
  const succeeded = (): void => {
    if (failedAt === undefined) return;
    failedAt = undefined;
    onRecovery(dropped);
    dropped = 0;
  };
  return {
    export(spans, done) {
      if (rests()) {
        dropped += spans.length;
        return done({ code: ExportResultCode.FAILED, error: new Error('nothing is sent for a while') });
      }
      exporter.export(spans, (result) => {
        if (result.code === ExportResultCode.SUCCESS) succeeded();
        else {
          dropped += spans.length;
          failed(result.error ?? new Error('no reason is known'));
        }
        done(result);
      });
    },
    failed,
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
