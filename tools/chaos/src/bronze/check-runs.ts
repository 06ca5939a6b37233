import type { Attempt } from '../delivery/evidence.js';
import type { Lake } from './lake.js';
import { ENTITIES } from './tables.js';

/** Commit records, files, and what complete runs have reported are the same; nothing lies there that no commit has. */
export async function checkRuns(lake: Lake, attempts: readonly Attempt[], setsAreLost: boolean): Promise<string[]> {
  return [...filesOfCommits(lake, setsAreLost), ...(await reportsOf(lake, attempts)), ...places(lake)];
}

function filesOfCommits({ files, commits, keys }: Lake, setsAreLost: boolean): string[] {
  const findings: string[] = [];
  const committed = new Map(commits.flatMap(({ objects }) => objects.map((object) => [object.key, object])));
  for (const { key, bytes } of files) {
    const object = committed.get(key);
    if (object === undefined) findings.push(`${key} can be seen, and no commit record has it`);
    else if (object.bytes !== bytes) findings.push(`${key} has ${bytes} bytes, committed were ${object.bytes}`);
  }
  for (const { key: record, objects, done } of commits)
    for (const { key } of objects)
      if (done && !keys.has(key) && !(setsAreLost && key.startsWith('_loadin/keys/')))
        findings.push(`${key} is missing, and ${record} is noted as done`);
  return findings;
}

async function reportsOf(lake: Lake, attempts: readonly Attempt[]): Promise<string[]> {
  const findings: string[] = [];
  const counted = new Map<string, number>();
  for (const entity of ENTITIES.filter((each) => lake.has(each)))
    for (const { id, n } of await lake.rows<{ id: string; n: number }>(`SELECT ingestion_id AS id, count(*)::int AS n FROM ${entity} GROUP BY 1`))
      counted.set(id, n);
  const reports = attempts.flatMap(({ report }) => (report?.status === 'complete' ? report : []));
  for (const { run_id, streams, problems } of reports) {
    findings.push(...problems.map((problem) => `run ${run_id} is complete with a problem: ${problem}`));
    for (const { stream, ledger, objects } of streams) {
      const commit = lake.commits.find((each) => each.run_id === run_id && each.stream === stream);
      if (commit === undefined || !commit.done) {
        findings.push(`${stream} of run ${run_id} is complete, and its commit ${commit === undefined ? 'is not there' : 'is not noted as done'}`);
        continue;
      }
      const rows = commit.objects.filter(({ details }) => (details?.kind ?? 'rows') === 'rows');
      const inFiles = countOf(rows, counted);
      const delivered = ledger.sinks['s3_bronze']?.delivered;
      if (delivered !== inFiles) findings.push(`${stream} of run ${run_id} has reported ${delivered} rows, and its files hold ${inFiles}`);
      if (ledger.read !== ledger.accepted + ledger.rejected + ledger.deduplicated)
        findings.push(`${stream} of run ${run_id}: its ledger does not balance`);
      const [told, there] = [objects.map(({ uri }) => uri.split('/').slice(3).join('/')), rows.map(({ key }) => key)].map((list) =>
        list.sort().join('\n'),
      );
      if (told !== there) findings.push(`${stream} of run ${run_id} has reported other objects than it has committed`);
    }
  }
  return findings;
}

const ingestionIdIn = (key: string): string => /part-\d+-([\da-f-]{36})/.exec(key)?.[1] ?? '';

/** All files of a commit have the same ingestion id. */
const countOf = ([first]: readonly { readonly key: string }[], counted: ReadonlyMap<string, number>): number =>
  first === undefined ? 0 : (counted.get(ingestionIdIn(first.key)) ?? 0);

/** Readers find data under `data/bronze/`, and nothing else. */
const places = ({ keys, files }: Lake): string[] => {
  const data = new Set(files.map(({ key }) => key));
  return [...keys].filter((key) => key.startsWith('data/') && !data.has(key)).map((key) => `${key} lies among the data and is no file of bronze`);
};
