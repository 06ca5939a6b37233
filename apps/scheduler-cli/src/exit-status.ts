import type { RunReport, StreamReport } from '@loadin/pipeline';

/** What the shell is told; scripts rely on these. */
export const EXIT = {
  /** Complete: everything arrived, or is in the dead letters below the stream's limit. */
  complete: 0,
  /** Failed, too many rejections, or the source has records that can't be reached. */
  failed: 1,
  /** Wrong usage or configuration, found before the first page was read. */
  usage: 2,
  /** Stopped resumably: the same command goes on. */
  stopped: 3,
} as const;

export function exitStatusOf(report: RunReport): number {
  if (report.already_complete) return EXIT.complete;
  if (report.status === 'stopped') return EXIT.stopped;
  if (report.status === 'failed') return wasMisconfigured(report) ? EXIT.usage : EXIT.failed;
  return report.problems.length > 0 ? EXIT.failed : EXIT.complete;
}

/** Wrong credentials are found by the first call to a source, which is still before the first page. */
const wasMisconfigured = ({ streams }: RunReport): boolean =>
  streams.every(hasReadNothing) && streams.some(({ error }) => error?.action === 'fatal' && error.unexpected !== true);

/** What is loaded as a whole has no pages; a table in which nothing has changed was read all the same. */
const hasReadNothing = ({ loader, status, ledger }: StreamReport): boolean =>
  loader === undefined ? ledger.pages === 0 : ledger.read === 0 && status !== 'complete';
