import { FatalError } from '@loadin/resilience';
import type { Outcome, RowCheck } from './checks/types.js';
import { columnsOf, counted, rowsText } from './checks/wording.js';
import type { Finding, InspectedLoad, Inspection } from './types.js';

export interface Looked {
  readonly rows: number;
  readonly leftOut: number;
  /** Fields that no record had. */
  readonly unseen: ReadonlySet<string>;
  readonly load: Pick<InspectedLoad, 'entity' | 'loadType'>;
}

/** What came out of the checks, when all rows have been looked at. */
export function inspectionOf(checks: readonly RowCheck[], looked: Looked): Omit<Inspection, 'profile'> {
  const { rows, leftOut, load } = looked;
  const all = rowsText(rows, load.loadType);
  const ended = checks.map((check) => ({ check, outcome: outcomeOf(check, looked, all) }));
  const findings = ended.flatMap(({ check, outcome }) => findingOf(check, outcome, all) ?? []);
  const refusals = ended.flatMap(({ check, outcome }) => {
    const finding = findingOf(check, outcome, all);
    return finding?.status === 'broken' && (finding.severity === 'stop' || outcome.refuses === true) ? [finding.message] : [];
  });
  return { rows, leftOut, findings, ...(refusals.length > 0 && { refusal: `${load.entity} is not as expected: ${refusals.join(' · ')}` }) };
}

function outcomeOf(check: RowCheck, { rows, leftOut, unseen }: Looked, all: string): Outcome {
  const missing = columnsOf(check.expectation).filter((column) => unseen.has(column));
  // A field without which every record is as expected may well be misspelt.
  if (missing.length > 0 && check.expectation.check !== 'not_null')
    return { status: 'unchecked', message: `${check.expectation.check}: no record has a field ${missing.join(', ')}` };
  return check.finish?.({ all, rows, kept: rows - leftOut }) ?? {};
}

function findingOf(
  { expectation, reason, broken }: RowCheck,
  { broken: more = 0, message, status = 'broken' }: Outcome,
  allRows: string,
): Finding | undefined {
  const all = broken + more;
  if (all === 0 && status === 'broken') return undefined;
  const isOfRows = expectation.check !== 'freshness' && expectation.check !== 'row_count_change';
  return {
    check: expectation.check,
    columns: columnsOf(expectation),
    severity: expectation.severity,
    status,
    ...(isOfRows && status === 'broken' && { rows: all }),
    message: message ?? `${counted(all)} of ${allRows}: ${reason}`,
  };
}

/** Throws `FatalError` when an expectation with the severity `stop` is broken, or rows that should be left out could not be. To be called before the commit. */
export function assertMayCommit({ refusal }: Inspection, where: string): void {
  if (refusal !== undefined)
    throw new FatalError(refusal, {
      where,
      hint: 'Nothing was committed. Correct the rows at the source, or change the expectation in the jobs file, and run again.',
    });
}
