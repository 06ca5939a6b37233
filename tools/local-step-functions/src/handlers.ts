import { READ_ITEMS, tasksOf, WAIT } from './adapt.js';
import { StateMachineError, type Json, type JsonObject, type LocalExecution, type LocalServices } from './types.js';

type Handler = (input: Json) => Promise<Json>;

/** What a task does here, by the name of its state. @throws Error for a resource that is not known here */
export function handlersOf(
  definition: JsonObject,
  services: LocalServices,
  start: (input: Json, name: string) => LocalExecution,
): Record<string, Handler> {
  const handlers: Record<string, (state: string, input: JsonObject) => Promise<Json>> = {
    'arn:aws:states:::lambda:invoke': (_state, input) => invoke(services, input),
    'arn:aws:states:::sns:publish': async (_state, input) => {
      await services.publish(input);
      return { MessageId: 'local' };
    },
    'arn:aws:states:::states:startExecution': async (_state, { Input = {}, Name = '' }) => ({ ExecutionArn: start(Input, String(Name)).arn }),
    [WAIT]: async (state, input) => {
      await services.wait({ state, ...input });
      return {};
    },
    [READ_ITEMS]: (_state, { Bucket, Key }) => items(services, String(Bucket), String(Key)),
  };
  const known = (name: string, resource: string): Handler => {
    const handler = handlers[resource];
    if (handler === undefined) throw new Error(`"${name}" calls ${resource}, which is not known here`);
    return (input) => handler(name, input as JsonObject);
  };
  return Object.fromEntries([...tasksOf(definition)].map(({ name, resource }) => [name, known(name, resource)]));
}

/** An error of the function has its type as name and all of it, as JSON, as cause. */
async function invoke({ invoke: call }: LocalServices, { FunctionName, Payload = {} }: JsonObject): Promise<Json> {
  const { payload, functionError } = await call(String(FunctionName), Payload).catch((error: Error) => {
    throw new StateMachineError(`Lambda.${error.name}`, error.message);
  });
  if (functionError === undefined) return { Payload: payload as Json, StatusCode: 200, ExecutedVersion: '$LATEST' };
  const { errorType = 'Lambda.Unknown' } = payload as { errorType?: string };
  throw new StateMachineError(errorType, JSON.stringify(payload));
}

async function items({ getObject }: LocalServices, bucket: string, key: string): Promise<Json> {
  try {
    return JSON.parse(await getObject(bucket, key)) as Json;
  } catch (error) {
    throw new StateMachineError('States.ItemReaderFailed', `s3://${bucket}/${key}: ${(error as Error).message}`);
  }
}
