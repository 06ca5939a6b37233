import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { asAwsError } from '../disk.js';
import type { Faults, ServiceName } from '../faults.js';
import { AwsError } from '../service.js';
import type { Tally } from '../tally.js';
import { answerAdmin, isAdminRequest } from './admin.js';
import { type Answer, sendAnswer } from './answer.js';
import type { Protocol } from './call.js';
import { type Incoming, readIncoming } from './incoming.js';

export interface HandlerOptions {
  readonly s3: Protocol;
  readonly json: Protocol;
  readonly sts: Protocol;
  readonly faults: Faults;
  readonly tally: Tally;
  readonly now: () => number;
  readonly dataDir: string;
  /** One line for each unexpected error. */
  readonly log: (line: string) => void;
}

/** Answers one request; never rejects. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function createHandler(options: HandlerOptions): Handler {
  return async (request, response) => {
    // A client that goes away in the middle is its own affair.
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    let answer: Answer | undefined;
    try {
      const incoming = readIncoming(request);
      answer = await answerOf(incoming, options);
      await discardBody(request);
      if (answer === undefined) request.socket.destroy();
      else await sendAnswer(response, answer, options.now());
    } catch (error) {
      if (!request.destroyed || !response.destroyed) options.log(`local-aws: ${request.method} ${request.url}: ${String(error)}`);
      response.destroy();
    } finally {
      answer?.release?.();
    }
  };
}

/** Undefined: no answer, the connection is to be closed. */
async function answerOf(incoming: Incoming, options: HandlerOptions): Promise<Answer | undefined> {
  if (isAdminRequest(incoming)) return answerAdmin(incoming, options.faults, options.tally);
  const protocol = protocolOf(incoming, options);
  try {
    return await performWithFaults(incoming, protocol, options);
  } catch (thrown) {
    if (incoming.request.destroyed && !incoming.request.complete) return undefined;
    const { error, log } = asAwsError(thrown, options.dataDir, protocol.internalCode(incoming));
    if (log !== undefined) options.log(`local-aws: ${incoming.method} ${incoming.rawPath}: ${log}`);
    return protocol.errorAnswer(error, incoming);
  }
}

function protocolOf(incoming: Incoming, { s3, json, sts }: HandlerOptions): Protocol {
  if (incoming.headers['x-amz-target'] !== undefined) return json;
  return incoming.auth?.service === 'sts' ? sts : s3;
}

async function performWithFaults(incoming: Incoming, protocol: Protocol, { faults, tally }: HandlerOptions): Promise<Answer | undefined> {
  const call = await protocol.open(incoming);
  tally.count(call.target.service, call.target.operation);
  const { latencyMs, effect, partial } = faults.decide(call.target);
  if (latencyMs > 0) await sleep(latencyMs);
  if (effect === 'drop') return undefined;
  if (effect === 'throttle') throw throttled(call.target.service);
  if (effect === 'error500') throw new AwsError(protocol.internalCode(incoming), 'We encountered an internal error. Please try again.', 500);
  const answer = await call.perform(partial);
  if (effect !== 'lostAnswer') return answer;
  answer.release?.();
  return undefined;
}

function throttled(service: ServiceName): AwsError {
  if (service === 's3') return new AwsError('SlowDown', 'Please reduce your request rate.', 503);
  if (service === 'kinesis' || service === 'dynamodb') {
    return new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded: the level of configured throughput is exceeded.', 400);
  }
  return new AwsError('ThrottlingException', 'Rate exceeded', 400);
}

/** What an operation did not read (it failed, or it needs no body) must leave the connection before the next request. */
async function discardBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed || request.readableEnded) return;
  await new Promise<void>((resolve) => {
    request.once('end', resolve).once('close', resolve).resume();
  });
}
