import { readSettings, type Environment } from '@loadin/config';
import type { Checkpoint } from '@loadin/pipeline';
import { connect } from './connect.js';
import { openState } from './stores.js';

export interface StateEntry {
  readonly job: string;
  readonly stream: string;
  readonly checkpoint: Checkpoint;
}

/** Every checkpoint in the state store, by job and stream. */
export async function listState(environment: Environment): Promise<{ readonly uri: string; readonly entries: readonly StateEntry[] }> {
  const settings = readSettings(environment, ['state']);
  const aws = connect(environment);
  try {
    const state = await openState(settings, aws);
    const entries: StateEntry[] = [];
    for await (const { key, value } of state.list('checkpoint/')) {
      const [, job = '', stream = ''] = key.split('/');
      entries.push({ job, stream, checkpoint: value as unknown as Checkpoint });
    }
    return { uri: state.uri, entries: entries.sort((a, b) => `${a.job}/${a.stream}`.localeCompare(`${b.job}/${b.stream}`)) };
  } finally {
    await aws.close();
  }
}
