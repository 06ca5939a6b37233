import type { Batch } from '@loadin/pipeline';
import type { Run } from '../attempts.js';
import { some, type Check } from './check.js';

/** Delivered records by data type: id → hash, and the ids that came more than once. */
function delivered({ sink }: Run): Map<string, { hashes: Map<string, string>; twice: string[] }> {
  const byType = new Map<string, { hashes: Map<string, string>; twice: string[] }>();
  for (const { dataType, records } of sink.batches as readonly Batch[]) {
    const { hashes, twice } = byType.get(dataType) ?? { hashes: new Map<string, string>(), twice: [] };
    for (const { id, hash } of records) {
      if (hashes.has(id)) twice.push(id);
      hashes.set(id, hash);
    }
    byType.set(dataType, { hashes, twice });
  }
  return byType;
}

const last = ({ attempts }: Run) => attempts[attempts.length - 1]?.report;

export const arrival: readonly Check[] = [
  {
    name: 'exactly the ids that the catalogue has arrive, each once',
    behaviours: [7, 8, 10, 11, 17, 18, 19, 20, 21],
    find(run, { ids, calm }) {
      const found = delivered(run);
      const expected = new Map([...delivered(calm)].map(([type, { hashes }]) => [type, new Set([...hashes.keys()])]));
      for (const [type, list] of Object.entries(ids)) {
        const source = type === 'artists' || type === 'tracks' ? 'spotify' : 'ticketmaster';
        expected.set(type, new Set(list.map((id) => `${source}_${id}`)));
      }
      return [...expected].flatMap(([type, all]) => {
        const { hashes = new Map<string, string>(), twice = [] } = found.get(type) ?? {};
        const lost = [...all].filter((id) => !hashes.has(id));
        const strange = [...hashes.keys()].filter((id) => !all.has(id));
        return [
          // A run that is not complete has its rest still ahead.
          ...(lost.length > 0 && last(run)?.status === 'complete' ? [`${lost.length} of ${all.size} ${type} are lost: ${some(lost)}`] : []),
          ...(strange.length > 0 ? [`${strange.length} ${type} are not in the catalogue's selection: ${some(strange)}`] : []),
          ...(twice.length > 0 ? [`${twice.length} ${type} arrived twice: ${some(twice)}`] : []),
        ];
      });
    },
  },
  {
    name: 'every record is the one of a calm run, to the byte',
    behaviours: [9, 10, 21, 22],
    find(run, { calm }) {
      const found = delivered(run);
      return [...delivered(calm)].flatMap(([type, { hashes }]) => {
        const other = [...hashes].flatMap(([id, hash]) => {
          const here = found.get(type)?.hashes.get(id);
          return here === undefined || here === hash ? [] : [id];
        });
        return other.length > 0 ? [`${other.length} ${type} differ from those of a calm run: ${some(other)}`] : [];
      });
    },
  },
  {
    name: 'the ledger balances, nothing is rejected, dead-lettered or pending, and nulls are counted',
    behaviours: [10],
    find(run, { calm }) {
      const report = last(run);
      if (report?.status !== 'complete') return [];
      return report.streams.flatMap(({ stream, ledger }) => {
        const { read, accepted, rejected, deduplicated, null_entries: nulls, sinks } = ledger;
        const before = last(calm)?.streams.find((other) => other.stream === stream)?.ledger.null_entries ?? 0;
        const sums = Object.entries(sinks).map(([name, sink]) => ({ name, ...sink }));
        return [
          ...(read === accepted + rejected + deduplicated ? [] : [`${stream}: read ${read} is not ${accepted} + ${rejected} + ${deduplicated}`]),
          ...(rejected === 0 ? [] : [`${stream}: ${rejected} records were rejected`]),
          ...(nulls >= before ? [] : [`${stream}: ${nulls} null entries were counted, a calm run has ${before}`]),
          ...sums.flatMap(({ name, delivered: there, dead_lettered: dead, pending }) =>
            there === accepted && dead === 0 && pending === 0
              ? []
              : [`${stream}: accepted ${accepted}, but ${name} has ${there} delivered, ${dead} dead-lettered, ${pending} pending`],
          ),
        ];
      });
    },
  },
];
