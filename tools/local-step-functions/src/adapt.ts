import type { Json, JsonObject } from './types.js';

/** Where the items of a Map lie while it runs here. */
export const ITEMS = 'items_read_here';

/**
 * The same definition in what the runner knows: a Map with an item reader becomes a task that reads the list and a Map over it, and a state that waits becomes a task, so
 * that whoever runs it decides how long that takes. Nothing else is changed.
 */
export function adapt(definition: JsonObject): JsonObject {
  const states: JsonObject = {};
  for (const [name, state] of Object.entries(definition['States'] as Record<string, JsonObject>)) {
    if (state['Type'] === 'Wait') states[name] = waitTask(state);
    else if (state['Type'] === 'Map') Object.assign(states, mapStates(name, state));
    else states[name] = state;
  }
  return { ...definition, States: states };
}

export const WAIT = 'arn:aws:states:::local:wait';
export const READ_ITEMS = 'arn:aws:states:::local:items';

function waitTask({ Seconds, Timestamp, SecondsPath, TimestampPath, ...state }: JsonObject): JsonObject {
  const fields = Object.entries({ seconds: Seconds, until: Timestamp, 'seconds.$': SecondsPath, 'until.$': TimestampPath });
  const given = Object.fromEntries(fields.filter((entry): entry is [string, Json] => entry[1] !== undefined));
  return { ...state, Type: 'Task', Resource: WAIT, Parameters: given, ResultPath: null };
}

function mapStates(name: string, { ItemReader, ...state }: JsonObject): JsonObject {
  const map: JsonObject = { ...state, ItemProcessor: adapt(state['ItemProcessor'] as JsonObject) };
  if (ItemReader === undefined) return { [name]: map };
  const { Resource, ReaderConfig, Parameters } = ItemReader as { Resource: string; ReaderConfig: { InputType: string }; Parameters: JsonObject };
  if (Resource !== 'arn:aws:states:::s3:getObject' || ReaderConfig.InputType !== 'JSON')
    throw new Error(`The item reader of "${name}" is none of a JSON object in S3: that is all that is known here`);
  const over = `${name} (items)`;
  const { Retry, Catch } = state;
  const read = { Type: 'Task', Resource: READ_ITEMS, Parameters, ResultPath: `$.${ITEMS}`, Next: over };
  return {
    [name]: { ...read, ...(Retry !== undefined && { Retry }), ...(Catch !== undefined && { Catch }) },
    [over]: { ...map, ItemsPath: `$.${ITEMS}` },
  };
}

/** All states with a resource, by name, those of Maps included. */
export function* tasksOf(definition: JsonObject): Generator<{ readonly name: string; readonly resource: string }> {
  for (const [name, state] of Object.entries(definition['States'] as Record<string, JsonObject>)) {
    if (state['Type'] === 'Task') yield { name, resource: state['Resource'] as string };
    if (state['Type'] === 'Map') yield* tasksOf(state['ItemProcessor'] as JsonObject);
  }
}
