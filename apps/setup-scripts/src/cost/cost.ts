import { readSettings, type Environment } from '@loadin/config';
import { US_EAST_1 } from '@loadin/costs';
import { measureVolumes } from '@loadin/jobs';
import { FatalError, type Clock } from '@loadin/resilience';
import type { Output } from '../output.js';
import type { CostOptions } from './options.js';
import { renderCost } from './render.js';
import { costResult } from './result.js';

/** Settings of the buckets in which runs leave their reports. */
const BUCKETS = ['AWS_S3_BUCKET_RAW', 'S3_BUCKET_NAME'] as const;

export interface CostCall {
  readonly environment: Environment;
  readonly options: CostOptions;
  readonly output: Output;
  readonly clock: Clock;
}

/** Prints the month; reads the lake's reports unless records per day are given, and changes nothing. */
export async function cost({ environment, options, output, clock }: CostCall): Promise<void> {
  const { aws, stream } = readSettings(environment, []);
  const found = await volumes(environment, options, clock);
  const shards = options.shards ?? stream.shardCount;
  const result = costResult(found, { region: aws?.region ?? US_EAST_1.region, shards, options });
  if (options.json === true) output.print(JSON.stringify(result, null, 2));
  else for (const line of renderCost(result, { ...options, shards })) output.print(line);
}

async function volumes(environment: Environment, { recordsPerDay, days = 30 }: CostOptions, clock: Clock) {
  if (recordsPerDay !== undefined) return { recordsPerDay };
  const hint = 'Say what comes in a day instead: loadin-setup cost --records-per-day 1000000 --record-size 1KB.';
  if (BUCKETS.every((name) => (environment.get(name)?.value ?? '') === ''))
    throw new FatalError(`Nothing can be measured: ${BUCKETS.join(' and ')} are not set`, { where: 'the environment and .env', hint });
  const measured = await measureVolumes({ environment, days, clock });
  if (measured !== undefined) return { measured };
  throw new FatalError(`Nothing has been measured: no run of the last ${days} days has left a report in the buckets of the settings`, {
    where: `_loadin/reports/ in ${BUCKETS.join(' and ')}`,
    hint,
  });
}
