import { createLocalStateMachine } from '@loadin/local-step-functions';
import { runStateMachine } from './run-state-machine.js';
import { STATES_ENTERED } from './states-entered.js';

const definition = runStateMachine({ functions: [{ arn: 'one' }, { arn: 'other', jobs: ['bronze'] }], alarmTopicArn: 'topic' });

/** The states that the two executions of a run enter, those of slices among them. */
async function entered(waves: readonly number[]): Promise<{ trigger: number; run: number }> {
  const planned = {
    status: 'planned',
    run_id: 'r',
    waves: waves.map((_, key) => ({ bucket: 'b', key: String(key) })),
    already_complete: false,
    problems: [],
  };
  const machine = createLocalStateMachine(definition, {
    invoke: async (_arn, event) => ({ payload: (event as { phase?: string }).phase === 'plan' ? planned : { ...planned, status: 'complete' } }),
    getObject: async (_bucket, key) => JSON.stringify(Array.from({ length: waves[Number(key)] ?? 0 }, () => ({ phase: 'slice' }))),
    publish: () => Promise.reject(new Error('no failure')),
    wait: () => Promise.reject(new Error('nothing to wait for')),
  });
  expect((await machine.start({ job_type: 'daily' }, 't').ended).status).toBe('SUCCEEDED');
  expect((await machine.executions.get('r')?.ended)?.status).toBe('SUCCEEDED');
  // The runner makes two states of a Map that reads a list.
  const count = (name: string): number => machine.executions.get(name)?.states.filter((state) => state !== 'Slices (items)').length ?? 0;
  return { trigger: count('t'), run: count('r') };
}

it.each([[[]], [[1]], [[7, 3]], [[1, 1, 1]]])('are as many as is reckoned with, for waves of %j slices', async (waves) => {
  const slices = waves.reduce((sum, one) => sum + one, 0);
  const { trigger, run, wave, slice } = STATES_ENTERED;
  expect(await entered(waves)).toEqual({ trigger, run: run + waves.length * wave + slices * slice });
});
