import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attempt } from '../delivery/evidence.js';
import type { LoadScenario } from './scenario.js';

/** Writes what every attempt of a failed storm said into a new folder below the system's temporary folder, and gives the folder. */
export async function keepLoads(scenario: LoadScenario, attempts: readonly Attempt[], findings: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `loadin-bronze-storm-${scenario.seed}-`));
  await mkdir(join(folder, 'attempts'));
  await writeFile(join(folder, 'findings.txt'), `${findings.join('\n')}\n`);
  await writeFile(join(folder, 'scenario.json'), `${JSON.stringify(scenario, null, 2)}\n`);
  for (const { exit, ...attempt } of attempts) {
    const said = { ...attempt, status: exit.status, signal: exit.signal, stderr: exit.stderr.split('\n') };
    await writeFile(join(folder, 'attempts', `${attempt.id}.json`), `${JSON.stringify(said, null, 2)}\n`);
  }
  return folder;
}
