import { startLocalAws } from '@loadin/local-aws';
import { startUpstreams } from '@loadin/upstreams';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stackEnvironment } from './environment.js';
import { demoJobsFile } from './jobs-file.js';
import { openWorld, type World } from './world.js';

export interface Stack {
  readonly environment: Readonly<Record<string, string>>;
  readonly world: World;
  setDay(day: number): void;
  close(): Promise<void>;
}

export interface StackOptions {
  /** Where everything is kept: objects, records, tables, the world's calendar. Made when it is missing. */
  readonly dir: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Starts local AWS and the simulated sources on free loopback ports, in this process. */
export async function startStack({ dir, now }: StackOptions): Promise<Stack> {
  await mkdir(dir, { recursive: true });
  const world = await openWorld(dir, now);
  const jobsFile = join(dir, 'loadin.jobs.yaml');
  await writeFile(jobsFile, demoJobsFile());
  const aws = await startLocalAws({ dataDir: join(dir, 'aws') });
  const sources = await startUpstreams({ baseDate: world.baseDate, day: world.day });
  const urls = { aws: aws.url, spotify: sources.spotifyUrl, spotifyAccounts: sources.spotifyAccountsUrl, ticketmaster: sources.ticketmasterUrl };
  return {
    environment: stackEnvironment(urls, sources.credentials, jobsFile),
    world,
    setDay: (day) => sources.setDay(day),
    async close() {
      await Promise.all([aws.close(), sources.close()]);
    },
  };
}
