import type { Loaded } from '../../ports/loader.js';
import { checkLetters } from './check-letters.js';
import { ledgerDifferences } from './ledger-differences.js';
import type { CommittedLoad, Difference, VerifiedStream, VerifyContext } from './types.js';
import type { StreamToVerify } from './verify-stream.js';

/** Holds the report of what a loader has brought against its commit, and that against what is there. */
export async function verifyLoad(of: StreamToVerify, loader: string, { loads, signal }: VerifyContext): Promise<VerifiedStream> {
  const { expected, report, second } = of;
  const { stream, source, data_type: dataType } = expected.stream;
  const letters = await checkLetters(of);
  const found = {
    stream,
    on_stream: null,
    differences: [...ledgerDifferences(expected, report), ...letters.differences],
    notes: [...expected.notes, ...letters.notes],
  };
  const nothing = { ...found, objects: 0, records: 0, bytes: 0 };
  if (loads === undefined) return { ...nothing, notes: [...found.notes, `what ${loader} has brought was not read again: only the report was`] };
  const committed = await loads(
    { job: report.job, runId: report.run_id, stream, source, dataType, loader, ...(second !== undefined && { second }) },
    { signal },
  );
  if (committed === undefined) return { ...nothing, ...withoutCommit(of, loader, found) };
  const { loaded, objects, bytes } = committed;
  return {
    ...found,
    objects,
    records: loaded.objects.reduce((sum, { records }) => sum + records, 0),
    bytes,
    differences: [...found.differences, ...reportDifferences(of, loader, loaded), ...committed.differences],
    notes: [...found.notes, ...notesOn(of, committed)],
  };
}

const isComplete = ({ expected }: StreamToVerify): boolean => expected.stream.status === 'complete';

function withoutCommit(of: StreamToVerify, loader: string, { differences, notes }: Pick<VerifiedStream, 'differences' | 'notes'>) {
  const { stream } = of.expected.stream;
  if (!isComplete(of)) return { differences, notes: [...notes, 'nothing of it is committed yet'] };
  const gone: Difference = {
    where: of.report.report_uri ?? 'the report',
    kind: 'missing',
    message: `${stream}: ${loader} has no commit record of it`,
  };
  return { differences: [...differences, gone], notes };
}

/** What an attempt that was killed has committed is not in the report yet. */
const notesOn = (of: StreamToVerify, { notes }: CommittedLoad): readonly string[] =>
  isComplete(of) ? notes : [...notes, 'it is committed, and its run is not complete: go on with it, and it is reported'];

/** Does the report say what was committed? */
function reportDifferences(of: StreamToVerify, loader: string, loaded: Loaded): Difference[] {
  if (!isComplete(of)) return [];
  const { ledger, objects, stream } = of.expected;
  const where = of.report.report_uri ?? 'the report';
  const counts = (['read', 'deduplicated', 'rejected'] as const).flatMap((name): Difference[] =>
    ledger[name] === loaded[name]
      ? []
      : [
          {
            where,
            kind: 'ledger',
            message: `${stream.stream}: ${name} is ${ledger[name]} in the report, and ${loader} has committed ${loaded[name]}`,
          },
        ],
  );
  const committed = new Map(loaded.objects.map((object) => [object.uri, object]));
  const unknown = [...objects.keys()].filter((uri) => !committed.has(uri));
  return [
    ...counts,
    ...unknown.map((uri): Difference => ({ where: uri, kind: 'ledger', message: 'the report names it, and it was not committed' })),
    ...loaded.objects.flatMap(({ uri, bytes, records }): Difference[] => {
      const reported = objects.get(uri);
      if (reported === undefined) return [{ where: uri, kind: 'unreported', message: 'it was committed, and the report does not name it' }];
      if (reported.bytes === bytes && reported.records === records) return [];
      return [
        {
          where: uri,
          kind: 'ledger',
          message: `the report says ${reported.records} records in ${reported.bytes} bytes, committed were ${records} in ${bytes}`,
        },
      ];
    }),
  ];
}
