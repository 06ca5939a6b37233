import { KB, MB } from '@loadin/costs';
import type { MeasuredVolumes } from '@loadin/jobs';
import { landingDays } from '../resources/lifecycle.js';
import type { CostOptions } from './options.js';
import { ASSUMED } from './usage.js';
import { PEAK_FACTOR, RUNS_PER_DAY, SECONDS_PER_RUN, type DailyVolumes } from './volumes.js';

const bytesText = (bytes: number): string =>
  bytes >= MB ? `${+(bytes / MB).toFixed(1)} MB` : bytes >= KB ? `${+(bytes / KB).toFixed(1)} KB` : `${Math.round(bytes)} bytes`;

export interface Grounds {
  readonly daily: DailyVolumes;
  readonly measured: MeasuredVolumes | undefined;
  readonly options: CostOptions;
  readonly region: string;
  readonly pricesOf: string;
}

/** What the amounts rest on, a sentence each, with the option that says otherwise. */
export function assumptionsOf({ daily, measured, options, region, pricesOf }: Grounds): string[] {
  const { keepDays = ASSUMED.keepDays, memory = ASSUMED.memoryMb, queriesPerDay = ASSUMED.queriesPerDay } = options;
  const unless = (option: keyof CostOptions, sentence: string): string[] => (options[option] === undefined ? [sentence] : []);
  const consumer = ASSUMED.consumer;
  return [
    'a month has 30 days (720 hours); prices are list prices without taxes',
    ...(region === pricesOf ? [] : [`prices are those of ${pricesOf}: in ${region} they can be some tenths higher`]),
    ...(measured === undefined ? givenAssumptions(daily, options) : measuredAssumptions()),
    `raw and bronze objects have been kept for ${keepDays} days, landed pages are for ${landingDays}; replaced versions are left out (--keep-days)`,
    ...unless('glacierAfter', 'nothing is moved to Glacier (--glacier-after)'),
    `all functions have ${memory} MB (--memory); one call of the consumer takes ${consumer.recordsPerCall} records in ${consumer.secondsPerCall} s`,
    ...(options.stateMachine === true
      ? [`a run has ${ASSUMED.wavesPerRun} waves; it is a call to plan it, one for each slice and one to finish it, and enters so many states once`]
      : ['runs are one call each, without a state machine (--state-machine)']),
    ...unless('provisionedConcurrency', `each call of a run starts a function anew in ${ASSUMED.coldStartSeconds} s, which is charged as well`),
    `${queriesPerDay} queries of Athena a day scan ${bytesText(options.scannedPerQuery ?? ASSUMED.scannedPerQuery)} each (--queries-per-day, --scanned-per-query)`,
    `a run logs ${bytesText(ASSUMED.logBytesPerRun)}; ${ASSUMED.secrets} secrets, ${ASSUMED.alarms} alarms, ${ASSUMED.metrics} metrics, and ${ASSUMED.metricsPerShard} of each shard (enhanced monitoring)`,
    'left out: data transfer (nothing within a region), NAT gateways and endpoints of a VPC, KMS calls, databases',
  ];
}

const measuredAssumptions = (): string[] => [
  'requests to S3 and DynamoDB are reckoned from pages, slices and objects; durations are those of the last attempts',
];

function givenAssumptions(daily: DailyVolumes, options: CostOptions): string[] {
  const unless = (option: keyof CostOptions, sentence: string): string[] => (options[option] === undefined ? [sentence] : []);
  return [
    ...unless('recordSize', `a record has ${bytesText(daily.recordBytes)} (--record-size)`),
    ...unless('runsPerDay', `${RUNS_PER_DAY.toFixed(1)} runs a day, as the default jobs are scheduled (--runs-per-day)`),
    ...unless('secondsPerRun', `a run takes ${SECONDS_PER_RUN} s (--seconds-per-run)`),
    ...unless('peak', `the busiest second has ${PEAK_FACTOR} times as many records as the average one (--peak)`),
  ];
}
