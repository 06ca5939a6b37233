import type { Invocation } from '@loadin/local-lambda';
import type { LocalOutcome } from '@loadin/local-step-functions';
import type { DataPoint } from './alarm-math.fixture.js';

/** The most that a function may take, milliseconds. */
const LAMBDA_MS = 900_000;

export interface InvokedFunction {
  readonly name: string;
  /** Its time here. Durations are told as if it were the 15 minutes that it has in the cloud. */
  readonly timeoutMs: number;
}

/** What Lambda tells of an invocation. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function pointsOfInvocation({ name, timeoutMs }: InvokedFunction, { functionError, durationMs }: Invocation, at: number): DataPoint[] {
  const point = (metric: string, value: number): DataPoint => lambdaPoint(name, metric, value, at);
  return [
    point('Errors', functionError === undefined ? 0 : 1),
    point('Throttles', 0),
    point('Duration', Math.min(durationMs, timeoutMs) * (LAMBDA_MS / timeoutMs)),
  ];
}

/** What Lambda tells of one that it refused: `error` is what the caller got. */
export const pointsOfRefusal = (name: string, error: Error, at: number): DataPoint[] =>
  error.name === 'TooManyRequestsException' ? [lambdaPoint(name, 'Throttles', 1, at)] : [];

/** What Lambda tells of a batch that it reads from a stream: how old its last record is when the function gets it. */
export const pointOfBatch = (name: string, lastArrival: number, at: number): DataPoint => lambdaPoint(name, 'IteratorAge', at - lastArrival, at);

export const lambdaPoint = (functionName: string, name: string, value: number, at: number): DataPoint => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName },
  at,
  value,
});

/** What Step Functions tells of an execution that has ended. https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
export const pointsOfExecution = (arn: string, { status }: LocalOutcome, at: number): DataPoint[] => [
  { namespace: 'AWS/States', name: 'ExecutionsFailed', dimensions: { StateMachineArn: arn }, at, value: status === 'FAILED' ? 1 : 0 },
];

interface PutAnswer {
  readonly Records?: readonly { readonly ErrorCode?: string }[];
}

/** What Kinesis tells of a PutRecords that it has answered. https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html */
export const pointOfPut = (stream: string, output: PutAnswer, at: number): DataPoint => ({
  namespace: 'AWS/Kinesis',
  name: 'WriteProvisionedThroughputExceeded',
  dimensions: { StreamName: stream },
  at,
  value: (output.Records ?? []).filter(({ ErrorCode }) => ErrorCode === 'ProvisionedThroughputExceededException').length,
});
