import type { ObjectStore } from '../../ports/object-store.js';
import type { RunReport } from '../../report/report.js';
import { checkLetters } from './check-letters.js';
import { checkLake, unreportedObjects, type LakePass } from './check-lake.js';
import { checkStreamRecords, whatIsVisible, type StreamCounts, type Visible } from './check-stream-records.js';
import type { ExpectedStream } from './expected-objects.js';
import { ledgerDifferences, RAW_SINK } from './ledger-differences.js';
import { createIdTable } from './id-table.js';
import type { Difference, VerifiedStream, VerifyContext } from './types.js';
import { verifyLoad } from './verify-load.js';

const IDS_IN_MEMORY = 1_000_000;

export interface StreamToVerify {
  readonly lake: ObjectStore;
  readonly report: RunReport;
  readonly expected: ExpectedStream;
  /** From the plan; `undefined` when the plan is gone. */
  readonly second: string | undefined;
}

/**
 * Reads a stream's objects of a run again, and what the stream still holds of it. With more ids than may be held at once everything is read several
 * times, each time for a part of the ids: memory stays the same, whatever the run's size.
 */
export async function verifyStream(of: StreamToVerify, context: VerifyContext): Promise<VerifiedStream> {
  const { expected, report } = of;
  if (expected.stream.loader !== undefined) return verifyLoad(of, expected.stream.loader, context);
  const { ledger, stream } = expected;
  const differences: Difference[] = [...ledgerDifferences(expected, report)];
  const checkedLetters = await checkLetters(of);
  differences.push(...checkedLetters.differences);
  const notes = [...expected.notes, ...checkedLetters.notes];
  const unreported = await unreportedObjects(of, context);
  if (unreported === undefined) notes.push('its plan is gone: objects that no report names were not looked for');
  const uris = [...expected.objects.keys(), ...(unreported ?? [])];
  const letters = Object.values(ledger.sinks).reduce((sum, { dead_lettered: count }) => sum + count, 0);
  const most = [...expected.objects.values()].reduce((sum, { records }) => sum + records, 0) + letters;
  const limit = context.idsInMemory ?? IDS_IN_MEMORY;
  const passes = Math.max(1, Math.ceil(most / limit));
  const visible = await whatIsVisible(of, context);
  notes.push(...visible.notes);
  let lake: LakePass | undefined;
  let counts: StreamCounts | null = visible.reader === undefined ? null : { found: 0, matched: 0, repeated: 0, not_visible: 0 };
  for (let pass = 0; pass < passes; pass += 1) {
    // A part can be a little larger than its share; and objects may hold more than was reported.
    const table = createIdTable(Math.ceil((most / passes) * 1.2) + 10_000, pass, passes);
    const checked = await checkLake(of, uris, { ...context, table });
    differences.push(...(pass === 0 ? checked.differences : checked.idDifferences));
    lake ??= checked;
    if (counts === null) continue;
    const seen = await checkStreamRecords(of, uris, table, visible, context);
    differences.push(...seen.differences);
    counts = addCounts(counts, seen.counts);
  }
  if (counts !== null) differences.push(...missingOnStreamAlone(expected, visible, counts));
  return {
    stream: stream.stream,
    objects: uris.length,
    records: lake?.records ?? 0,
    bytes: lake?.bytes ?? 0,
    on_stream: counts,
    differences,
    notes,
  };
}

/** Of a stream that is in no lake the ids are not known: fewer of them than were acknowledged are too few. */
function missingOnStreamAlone({ stream, ledger }: ExpectedStream, { reader, whole }: Visible, { matched }: StreamCounts): Difference[] {
  const sink = reader && ledger.sinks[reader.sink];
  if (sink === undefined || !whole || ledger.sinks[RAW_SINK] !== undefined || matched >= sink.delivered) return [];
  const message = `${stream.stream}: ${reader?.sink} acknowledged ${sink.delivered} records, ${matched} are there`;
  return [{ where: reader?.uri ?? '', kind: 'stream', message }];
}

const addCounts = (a: StreamCounts, b: StreamCounts): StreamCounts => ({
  found: a.found + b.found,
  matched: a.matched + b.matched,
  repeated: a.repeated + b.repeated,
  not_visible: a.not_visible + b.not_visible,
});
