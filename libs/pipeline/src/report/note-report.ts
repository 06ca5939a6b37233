import type { OpenSpan } from '@loadin/observability';
import { FatalError, StopError } from '@loadin/resilience';
import type { RunReport } from './report.js';

/** What a trace says of a run: its problems are in the report, which does not throw. */
export function noteReport(span: OpenSpan, { run_id, scheduled_time, status, reason, already_complete, problems }: RunReport): void {
  span.set({
    'loadin.run_id': run_id,
    'loadin.scheduled_time': scheduled_time,
    'loadin.status': status,
    'loadin.already_complete': already_complete,
  });
  const text = problems.join(' · ') || status;
  if (status === 'failed') span.fail(new FatalError(text));
  if (status === 'stopped') span.fail(new StopError(text, { reason: reason ?? 'cancelled' }));
}
