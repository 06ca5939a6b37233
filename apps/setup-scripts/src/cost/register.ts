import { loadEnvironment } from '@loadin/config';
import { systemClock } from '@loadin/resilience';
import type { Command } from 'commander';
import type { Shell } from '../program.js';
import { cost } from './cost.js';
import { atLeast, between, mode, size, type CostOptions } from './options.js';

/** `loadin-setup cost` */
export function registerCost(program: Command, { cwd, env, output, clock = systemClock }: Shell): void {
  program
    .command('cost')
    .description("what a month costs, from the volumes that runs' reports in the lake tell, or of records per day; changes nothing")
    .option('--days <n>', 'how many days back runs are measured (default 30)', atLeast(1))
    .option('--records-per-day <n>', 'measure nothing: so many records a day go to lake and stream', atLeast(0))
    .option('--record-size <size>', 'of one stream record: 900, 1.5KB (default 1KB)', size)
    .option('--peak <n>', 'records in the busiest second (default: the busiest measured run; else 20 times the average)', atLeast(0))
    .option('--runs-per-day <n>', 'with --records-per-day (default: those of the default schedules)', atLeast(1))
    .option('--seconds-per-run <n>', 'with --records-per-day (default 60)', atLeast(1))
    .option('--memory <mb>', 'of the functions (default 512)', atLeast(128, true))
    .option('--provisioned-concurrency <n>', 'instances kept ready all month (default 0)', atLeast(0, true))
    .option('--shards <n>', 'of the stream (default AWS_KINESIS_SHARD_COUNT)', atLeast(1, true))
    .option('--mode <mode>', 'provisioned or on-demand (default provisioned)', mode)
    .option('--retention <hours>', 'of the stream, 24 to 8760 (default 24)', between(24, 8760))
    .option('--readers <n>', 'consumers that share the stream (default 1)', atLeast(0, true))
    .option('--fan-out <n>', 'registered consumers (default 0)', atLeast(0, true))
    .option('--keep-days <n>', 'how long raw and bronze have been coming (default 365)', atLeast(1))
    .option('--glacier-after <days>', 'a rule moves them to Glacier Flexible Retrieval (default: none does)', atLeast(1))
    .option('--queries-per-day <n>', 'of Athena (default 10)', atLeast(0))
    .option('--scanned-per-query <size>', 'on average (default 100MB)', size)
    .option('--state-machine', 'runs go through Step Functions, slice by slice')
    .option('--examples', 'also the figures of earlier guides, reckoned again')
    .option('--json', 'print it as JSON')
    .action((options: CostOptions) => cost({ environment: loadEnvironment({ cwd, env }), options, output, clock }));
}
