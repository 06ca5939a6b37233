import { mostAttempts } from '../attempts.js';
import { some, type Check } from './check.js';

export const ending: readonly Check[] = [
  {
    name: 'a run is complete in the end, and until then every attempt ends resumably',
    behaviours: [3, 14, 15, 16, 23],
    find({ attempts }) {
      const reports = attempts.map(({ report }) => report);
      const final = reports[reports.length - 1];
      const wrong = reports.flatMap(({ streams }, index) =>
        streams.flatMap(({ stream, error }) =>
          error !== undefined && (error.unexpected === true || error.action === 'fatal' || error.action === 'skip')
            ? [`attempt ${index + 1}: ${stream} ended with an error that no attempt can mend (${error.action}): ${error.name}: ${error.message}`]
            : [],
        ),
      );
      if (final?.status === 'complete') return [...wrong, ...final.problems.map((problem) => `complete with a problem: ${problem}`)];
      const gaveUp = reports.length >= mostAttempts ? [`not complete after ${reports.length} attempts: ${some(final?.problems ?? [])}`] : [];
      return [...wrong, ...gaveUp];
    },
  },
  {
    name: 'nothing is reported as truncated that is there',
    behaviours: [19],
    find: ({ attempts }) =>
      (attempts[attempts.length - 1]?.report.streams ?? []).flatMap(({ stream, notes }) =>
        notes.flatMap(({ kind, message }) => (kind === 'truncated' ? [`${stream}: truncated: ${message}`] : [])),
      ),
  },
  {
    name: 'an attempt that a quota stopped says when to come back',
    behaviours: [14, 23],
    find: ({ attempts }) =>
      attempts.flatMap(({ report }, index) => {
        const stops = report.streams.filter(({ error }) => error?.action === 'stop' && !error.message.includes('QUOTA_EXCEEDED'));
        return report.status === 'stopped' && stops.length > 0 && report.resume_after === undefined
          ? [`attempt ${index + 1} was stopped without resume_after: ${stops[0]?.error?.message}`]
          : [];
      }),
  },
];
