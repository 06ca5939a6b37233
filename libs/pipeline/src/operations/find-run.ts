import { FatalError } from '@loadin/resilience';
import { runId } from '../identity.js';
import type { StateStore } from '../ports/state-store.js';
import { readRunRecord, RUNS, type RunRecord } from '../runs/run-record.js';
import { parseScheduledTime } from '../time.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LIST = 'These are there: loadin runs list.';

/**
 * A run by its id, or by its job and scheduled time: then the last repetition of the whole job's run, or the only run of some of its streams. Throws
 * `FatalError` when there is none, or when several are meant.
 */
export async function findRunByName(state: StateStore, name: string, time?: string): Promise<RunRecord> {
  if (time !== undefined) return byTime(state, name, parseScheduledTime(time));
  if (!UUID.test(name)) {
    throw new FatalError(`"${name}" is no run id`, {
      hint: `Give the id of a run, or a job and a scheduled time: daily 2024-11-08T02:00:00Z. ${LIST}`,
    });
  }
  const record = await readRunRecord(state, name);
  if (record === undefined) throw new FatalError(`There is no run ${name}`, { where: state.uri, hint: LIST });
  return record;
}

async function byTime(state: StateStore, job: string, scheduledTime: string): Promise<RunRecord> {
  let last: RunRecord | undefined;
  for (let repetition = 1; ; repetition += 1) {
    const found = await readRunRecord(state, runId({ job, scheduledTime, repetition }));
    if (found === undefined) break;
    last = found;
  }
  if (last !== undefined) return last;
  // The id of a run of some streams is made of their names, too: such a run is looked for among all.
  const found: RunRecord[] = [];
  for await (const { value } of state.list(RUNS)) {
    const record = value as unknown as RunRecord;
    if (record.job === job && record.scheduled_time === scheduledTime) found.push(record);
  }
  const [only, ...others] = found;
  if (only === undefined) throw new FatalError(`The job ${job} has no run of ${scheduledTime}`, { where: state.uri, hint: LIST });
  if (others.length === 0) return only;
  throw new FatalError(`The job ${job} has ${found.length} runs of ${scheduledTime}, each of some of its streams`, {
    hint: `Name one by its id: ${found.map(({ run_id }) => run_id).join(', ')}.`,
  });
}
