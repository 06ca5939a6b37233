import type { ConformanceCheck } from '../service.js';
import type { ConformanceClients } from './clients.js';
import { readingChecks } from './kinesis-reading.js';
import { reshardingChecks } from './kinesis-resharding.js';
import { settingsChecks } from './kinesis-settings.js';
import { streamChecks } from './kinesis-streams.js';
import { throttlingChecks } from './kinesis-throttling.js';
import { writingChecks } from './kinesis-writing.js';

/** Kinesis Data Streams, by its API reference. */
export const kinesisChecks: readonly ConformanceCheck<ConformanceClients>[] = [
  ...streamChecks,
  ...writingChecks,
  ...throttlingChecks,
  ...readingChecks,
  ...reshardingChecks,
  ...settingsChecks,
];
