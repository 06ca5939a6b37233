import { StateMachine } from 'aws-local-stepfunctions';
import { adapt, ITEMS, tasksOf } from './adapt.js';
import { handlersOf } from './handlers.js';
import {
  MAX_STATE_BYTES,
  StateMachineError,
  type Json,
  type JsonObject,
  type LocalExecution,
  type LocalOutcome,
  type LocalServices,
  type LocalStateMachine,
} from './types.js';

const ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:local';

/**
 * A state machine by its definition (Amazon States Language, JSONPath), which `definitionFaults` has nothing against. Retries come at once.
 * @throws Error for a definition that calls what is not known here
 */
export function createLocalStateMachine(definition: object, services: LocalServices): LocalStateMachine {
  const adapted = adapt(JSON.parse(JSON.stringify(definition)) as JsonObject);
  const machine = new StateMachine(adapted as never, { validationOptions: { noValidate: true } });
  const executions = new Map<string, LocalExecution>();
  const running = new Set<string>();
  const handlers = handlersOf(adapted, services, start);

  function start(input: Json, name: string): LocalExecution {
    const known = executions.get(name);
    if (known !== undefined) {
      if (running.has(name) && JSON.stringify(known.input) === JSON.stringify(input)) return known;
      throw new StateMachineError('StepFunctions.ExecutionAlreadyExistsException', `There was an execution named ${name}`);
    }
    const execution = run(input, name);
    running.add(name);
    void execution.ended.then(() => running.delete(name));
    executions.set(name, execution);
    return execution;
  }

  function run(input: Json, name: string): LocalExecution {
    const arn = `${ARN.replace(':stateMachine:', ':execution:')}:${name}`;
    const { result, eventLogs } = machine.run(input as never, {
      overrides: { taskResourceLocalHandlers: handlers as never, retryIntervalOverrides: atOnce(adapted) },
      context: { Execution: { Id: arn, Name: name }, StateMachine: { Id: ARN } },
    });
    const states: string[] = [];
    let largestState = 0;
    const watched = (async () => {
      for await (const event of eventLogs) {
        if (!('state' in event)) continue;
        if (event.type === 'StateEntered') states.push(event.state.name);
        largestState = Math.max(largestState, bytesOf(event.state.input), bytesOf(event.state.output ?? null));
      }
    })();
    return {
      name,
      arn,
      input,
      states,
      get largestState() {
        return largestState;
      },
      ended: outcomeOf(result as Promise<Json>, watched, () => largestState),
    };
  }

  return { start, executions };
}

async function outcomeOf(result: Promise<Json>, watched: Promise<void>, largestState: () => number): Promise<LocalOutcome> {
  try {
    const output = await result;
    await watched;
    if (largestState() <= MAX_STATE_BYTES) return { status: 'SUCCEEDED', output };
    return { status: 'FAILED', error: 'States.DataLimitExceeded', cause: `A state had ${largestState()} bytes` };
  } catch (error) {
    // What failed is the cause of the error that says that the execution did.
    const cause = (error as Error).cause instanceof Error ? ((error as Error).cause as Error) : (error as Error);
    return { status: 'FAILED', error: cause.name, cause: cause.message };
  }
}

const atOnce = (definition: JsonObject): Record<string, number> => Object.fromEntries([...tasksOf(definition)].map(({ name }) => [name, 0]));

/** The list of items is in no state on AWS. */
function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value, (name, inner: unknown) => (name === ITEMS ? undefined : inner)));
}
