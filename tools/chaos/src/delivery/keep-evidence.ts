import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Evidence } from './evidence.js';

/**
 * Writes what a failed storm left behind into a new folder below the system's temporary folder, for people to look through: the objects of the lake as they lie there, what
 * every attempt said, and all else as lines of JSON. Gives the folder.
 */
export async function keepEvidence(evidence: Evidence, findings: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `loadin-storm-${evidence.seed}-`));
  const write = async (name: string, content: string | Buffer): Promise<void> => {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await write('findings.txt', `${findings.join('\n')}\n`);
  for (const { exit, report, ...attempt } of evidence.attempts)
    await write(
      `attempts/${attempt.id}.json`,
      `${JSON.stringify({ ...attempt, status: exit.status, signal: exit.signal, stderr: exit.stderr.split('\n'), report }, null, 2)}\n`,
    );
  for (const [key, { body }] of evidence.lake) await write(`lake/${key}`, body ?? '');
  await write('events.ndjson', lines(evidence.events));
  await write('acts.ndjson', lines(evidence.acts));
  await write('state.ndjson', lines(evidence.state));
  await write('versions.ndjson', lines(evidence.versions.map(({ body, ...version }) => ({ ...version, size: body?.length }))));
  await write('listings.ndjson', lines(evidence.listings.map(({ objects, ...listing }) => ({ ...listing, keys: objects.map(({ key }) => key) }))));
  await write('runs.json', `${JSON.stringify(evidence.runs, null, 2)}\n`);
  for (const { id, parents, records } of evidence.shards)
    await write(`stream/${id}.ndjson`, lines([{ parents }, ...records.map(({ data, ...record }) => ({ ...record, data: data.toString('utf8') }))]));
  return folder;
}
