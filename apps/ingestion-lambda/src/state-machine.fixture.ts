import type { Invocation } from '@loadin/local-lambda';
import {
  createLocalStateMachine,
  MAX_STATE_BYTES,
  type Json,
  type JsonObject,
  type LocalExecution,
  type LocalWait,
} from '@loadin/local-step-functions';
import type { IngestionAnswer } from './answer.js';

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:concert-data-ingestion';
const BRONZE_FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:concert-data-bronze';
export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:loadin-alarms';

/** What the definition that is deployed is made of: jobs with entities have a function of their own. */
export const DEPLOYED = {
  functions: [{ arn: FUNCTION }, { arn: BRONZE_FUNCTION, jobs: ['bronze'] }],
  alarmTopicArn: TOPIC,
  maxRounds: 20,
} as const;

interface Invoked {
  invoke(event: unknown): Promise<Invocation>;
}

export interface MachineOptions {
  /** Of `DEPLOYED`. */
  readonly definition: object;
  /** What a job calls; default: it is not called. */
  readonly ingestion?: Invoked;
  readonly bronze?: Invoked;
  /** The list of a wave. */
  readonly getObject: (bucket: string, key: string) => Promise<string>;
  /** A state that waits goes on when this resolves. Default: at once. */
  readonly onWait?: (wait: LocalWait) => Promise<void> | void;
  /** Called before each call of a function. */
  readonly onPhase?: (phase: string, count: number) => Promise<void> | void;
}

export interface Machine {
  /** Starts it as a schedule does, and waits until whatever it started has ended as well. */
  start(event: JsonObject, name: string): Promise<LocalExecution>;
  readonly executions: ReadonlyMap<string, LocalExecution>;
  /** Phases, in the order of their calls. */
  readonly phases: readonly string[];
  /** What slices were sent and what they answered, or which error they ended with. */
  readonly slices: readonly { readonly event: JsonObject; readonly answer: JsonObject }[];
  readonly waits: readonly LocalWait[];
  readonly published: readonly JsonObject[];
}

/**
 * The definition that is deployed, with the zip that is deployed as its tasks. What the runner does otherwise than AWS is written down in
 * tools/local-step-functions/README.md; of that, these matter here:
 * - the list of a wave is read by this process and not by a Map Run, with the same bucket, key and JSON, and all slices run in one Map in this process
 * - a slice that failed would end the Map, where AWS tolerates 100 %: slices end as the word `failed`, so none does
 * - retries come at once, and states that wait last as long as the specification says: nothing waits until midnight
 * - functions are called directly: there is no role; what the role must allow is specified beside the definition
 */
export function startMachine({ definition, ingestion, bronze, getObject, onWait, onPhase }: MachineOptions): Machine {
  const [phases, slices, waits, published]: [string[], { event: JsonObject; answer: JsonObject }[], LocalWait[], JsonObject[]] = [[], [], [], []];
  const machine = createLocalStateMachine(definition, {
    invoke: async (arn, payload) => {
      const called = arn === BRONZE_FUNCTION ? bronze : ingestion;
      if (called === undefined) throw new Error(`${arn} is not there`);
      const event = payload as JsonObject;
      const phase = String(event['phase']);
      phases.push(phase);
      await onPhase?.(phase, count(phases, phase));
      const invocation = await called.invoke(event);
      if (phase === 'slice') slices.push({ event, answer: invocation.payload as JsonObject });
      return invocation;
    },
    getObject,
    publish: async (message) => void published.push(message),
    wait: async (wait) => {
      waits.push(wait);
      await onWait?.(wait);
    },
  });
  const start: Machine['start'] = async (event, name) => {
    const execution = machine.start(event, name);
    await execution.ended;
    await Promise.all([...machine.executions.values()].map(({ ended }) => ended));
    for (const { largestState } of machine.executions.values()) expect(largestState).toBeLessThan(MAX_STATE_BYTES / 4);
    return execution;
  };
  return { start, executions: machine.executions, phases, slices, waits, published };
}

export interface EndedRun {
  readonly runId: string;
  /** The execution that is named by the run. */
  readonly run: LocalExecution;
  readonly answer: IngestionAnswer;
}

/** The execution that a trigger has handed its run to, and what that answered. Throws when it failed. */
export async function runOf({ executions }: Pick<Machine, 'executions'>, trigger: LocalExecution): Promise<EndedRun> {
  const handedOver = outputOf(await trigger.ended) as JsonObject;
  const runId = String(handedOver['execution']).split(':').at(-1) ?? '';
  const run = executions.get(runId) as LocalExecution;
  return { runId, run, answer: outputOf(await run.ended) as unknown as IngestionAnswer };
}

function outputOf(outcome: Awaited<LocalExecution['ended']>): Json {
  if (outcome.status === 'FAILED') throw new Error(`${outcome.error}: ${outcome.cause}`);
  return outcome.output;
}

export const count = (list: readonly string[], wanted: string): number => list.filter((one) => one === wanted).length;
