import type { RunReport } from '../../report/report.js';
import type { ExpectedStream } from './expected-objects.js';
import type { Difference } from './types.js';

/** The sink that keeps raw objects. */
export const RAW_SINK = 's3_raw';

/** Does the report agree with itself? */
export function ledgerDifferences({ stream, ledger, objects, reported, replayed }: ExpectedStream, { report_uri: uri }: RunReport): Difference[] {
  const where = uri ?? 'the report';
  const found: Difference[] = [];
  const { read, accepted, rejected, deduplicated } = ledger;
  if (read !== accepted + rejected + deduplicated)
    found.push({
      where,
      kind: 'ledger',
      message: `${stream.stream}: read ${read} is not accepted ${accepted} + rejected ${rejected} + deduplicated ${deduplicated}`,
    });
  for (const [sink, { delivered, dead_lettered: letters, pending }] of Object.entries(ledger.sinks)) {
    if (accepted !== delivered + letters + pending)
      found.push({
        where,
        kind: 'ledger',
        message: `${stream.stream}: accepted ${accepted} is not what ${sink} has delivered (${delivered}), refused (${letters}) and left pending (${pending})`,
      });
  }
  // It keeps objects that hold just what it has acknowledged, as a loader does.
  const keeper = stream.loader ?? RAW_SINK;
  const delivered = ledger.sinks[keeper]?.delivered;
  const held = [...objects].reduce((sum, [uri, { records }]) => sum + (reported.has(uri) ? records : 0), 0);
  if (delivered !== undefined && delivered !== held && !replayed)
    found.push({
      where,
      kind: 'ledger',
      message: `${stream.stream}: ${keeper} acknowledged ${delivered} records, the reported objects hold ${held}`,
    });
  return found;
}
