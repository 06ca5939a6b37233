import type { Permission } from './types.js';

/** A definition in the States Language, as far as it is looked at. */
export interface Definition {
  readonly States: Readonly<Record<string, DefinedState>>;
}

interface DefinedState {
  readonly Type: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Result?: unknown;
  readonly ResultPath?: string;
  readonly Label?: string;
  readonly ItemReader?: { readonly Resource: string };
  readonly ResultWriter?: unknown;
  readonly ItemProcessor?: Definition & { readonly ProcessorConfig?: { readonly Mode?: string } };
  readonly Branches?: readonly Definition[];
}

export interface StateMachineOfTemplate {
  readonly definition: Definition;
  /** ARN */
  readonly stateMachine: string;
  /** ARNs of objects that its lists are: what functions were seen to write for it. */
  readonly lists: readonly string[];
}

/**
 * What the role of a state machine needs, by what each of its states calls.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html, …/iam-policies-eg-dist-map.html
 * @throws for a state that there is no rule for
 */
export function stateMachineCalls(machine: StateMachineOfTemplate): Permission[] {
  const states = statesOf(machine.definition);
  return states.flatMap(([name, state]) => {
    if (state.Type === 'Task') return taskCalls(name, state, states, machine);
    if (state.Type === 'Map') return mapCalls(name, state, machine);
    return [];
  });
}

type Named = readonly [name: string, state: DefinedState];

/** Those inside of others, too. */
const statesOf = ({ States }: Definition): Named[] =>
  Object.entries(States).flatMap((one) => {
    const { ItemProcessor, Branches = [] } = one[1];
    return [one, ...[...(ItemProcessor ? [ItemProcessor] : []), ...Branches].flatMap(statesOf)];
  });

function taskCalls(name: string, state: DefinedState, states: readonly Named[], { stateMachine }: StateMachineOfTemplate): Permission[] {
  const { Resource = '', Parameters = {} } = state;
  const on = (action: string, key: string): Permission[] =>
    given(name, key, Parameters, states, stateMachine).map((resource) => ({ action, resource, context: {} }));
  // Without `.sync`: it asks for an answer and not for an end, which would need events of other executions.
  if (Resource === 'arn:aws:states:::lambda:invoke') return on('lambda:InvokeFunction', 'FunctionName');
  if (Resource === 'arn:aws:states:::states:startExecution') return on('states:StartExecution', 'StateMachineArn');
  if (Resource === 'arn:aws:states:::sns:publish') return on('sns:Publish', 'TopicArn');
  throw noRule(name, Resource);
}

/** A parameter's value; of one that comes from the state's input, all that states put there. */
function given(name: string, key: string, parameters: Readonly<Record<string, unknown>>, states: readonly Named[], self: string): string[] {
  const plain = parameters[key];
  if (typeof plain === 'string') return [plain];
  const path = parameters[`${key}.$`];
  if (path === '$$.StateMachine.Id') return [self];
  const found = states.flatMap(([, { Type, Result, ResultPath }]) =>
    Type === 'Pass' && ResultPath === path && typeof Result === 'string' ? [Result] : [],
  );
  if (found.length === 0) throw new Error(`The state ${name} takes ${key} from ${String(path)}, and no state puts it there`);
  return found;
}

function mapCalls(
  name: string,
  { Label, ItemReader, ItemProcessor, ResultWriter }: DefinedState,
  { stateMachine, lists }: StateMachineOfTemplate,
): Permission[] {
  if (ResultWriter !== undefined) throw noRule(name, 'ResultWriter');
  if (ItemReader !== undefined && ItemReader.Resource !== 'arn:aws:states:::s3:getObject') throw noRule(name, ItemReader.Resource);
  const executions = stateMachine.replace(':stateMachine:', ':execution:');
  const on = (action: string, resource: string): Permission => ({ action, resource, context: {} });
  const distributed = ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED';
  return [
    ...(ItemReader === undefined ? [] : lists.map((list) => on('s3:GetObject', list))),
    ...(distributed
      ? [
          on('states:StartExecution', stateMachine),
          ...['states:DescribeExecution', 'states:StopExecution'].map((action) => on(action, `${executions}:a-name`)),
          on('states:RedriveExecution', `${executions}/${Label ?? name}:a-name`),
        ]
      : []),
  ];
}

const noRule = (name: string, what: string): Error =>
  new Error(`There is no rule for what ${what} of the state ${name} needs: add it, with its address in AWS's documentation`);
