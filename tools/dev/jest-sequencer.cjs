// In which order the specifications run where no earlier run has shown how long each takes. Jest goes by the size of the files, and small ones that
// take long come last, when the other worker has nothing left to do.
const Sequencer = require('@jest/test-sequencer').default;

const longest = [
  'tools/local-aws/src/conformance/conformance.spec.ts',
  'libs/jobs/src/lib/full-catalogue.whole.spec.ts',
  'tools/chaos/src/connectors/connectors.spec.ts',
  'tools/chaos/src/delivery/delivery.spec.ts',
  'libs/jobs/src/lib/bronze-job.spec.ts',
  'libs/jobs/src/lib/bronze/load-at-once.whole.spec.ts',
  'libs/jobs/src/lib/bronze/load-table.spec.ts',
  'libs/jobs/src/lib/bronze/load-compared.spec.ts',
  'tools/chaos/src/bronze/bronze.whole.spec.ts',
  'libs/jobs/src/lib/changes/refresh.spec.ts',
  'libs/jobs/src/lib/bronze/load-killed.spec.ts',
  'libs/jobs/src/lib/bronze/left-unfinished.spec.ts',
  'libs/jobs/src/lib/bronze/load-memory.whole.spec.ts',
  'libs/api-clients/src/ticketmaster/events-stream.spec.ts',
  'libs/kinesis-sink/src/lib/kinesis-sink.spec.ts',
  'apps/setup-scripts/src/alarms/alarms.spec.ts',
  'libs/jobs/src/lib/run-named-job.spec.ts',
  'libs/jobs/src/lib/bronze/loader-checks.spec.ts',
  'apps/ingestion-lambda/src/state-machine-bronze.zip.spec.ts',
  'apps/scheduler-cli/src/recovery.bundle.spec.ts',
  'apps/ingestion-lambda/src/phases.zip.spec.ts',
  'apps/ingestion-lambda/src/state-machine.zip.spec.ts',
  'tools/nx/src/deploy/affected.stack.spec.ts',
  'tools/chaos/src/delivery/mutants/judge.bundle.spec.ts',
  'tools/nx/src/generators/lib/generator.whole.spec.ts',
  'tools/nx/src/boundaries.spec.ts',
];
const isLong = ({ path }) => longest.some((file) => path.endsWith(file));

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return sorted.some(({ duration }) => duration !== undefined) ? sorted : [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
