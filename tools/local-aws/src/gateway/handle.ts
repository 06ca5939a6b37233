import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallRecorder } from '../call-record.js';
import { asAwsError } from '../disk.js';
import type { FaultDecision, Faults, ServiceName } from '../faults.js';
import { AwsError } from '../service.js';
import type { Tally } from '../tally.js';
import { type CallOutcome, type CallWatcher, decisionOf, type WatchedCall, type Watchers } from '../watch.js';
import { answerAdmin, isAdminRequest } from './admin.js';
import { type Answer, sendAnswer } from './answer.js';
import type { Call, Protocol } from './call.js';
import { type Incoming, readIncoming } from './incoming.js';
import { readBody } from './read-body.js';

export interface HandlerOptions {
  readonly s3: Protocol;
  readonly json: Protocol;
  readonly sts: Protocol;
  readonly faults: Faults;
  readonly tally: Tally;
  readonly watchers: Watchers;
  readonly recorder: CallRecorder | undefined;
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
    if (isGone(incoming.request, thrown)) return undefined;
    const { error, log } = asAwsError(thrown, options.dataDir, protocol.internalCode(incoming));
    if (log !== undefined) options.log(`local-aws: ${incoming.method} ${incoming.rawPath}: ${log}`);
    return protocol.errorAnswer(error, incoming);
  }
}

/** Whether the client closed the connection: in the middle of its body, or when all of it had arrived and was not yet read. */
function isGone(request: IncomingMessage, thrown: unknown): boolean {
  return request.destroyed && (!request.complete || thrown === request.errored);
}

function protocolOf(incoming: Incoming, { s3, json, sts }: HandlerOptions): Protocol {
  if (incoming.headers['x-amz-target'] !== undefined) return json;
  return incoming.auth?.service === 'sts' ? sts : s3;
}

async function performWithFaults(incoming: Incoming, protocol: Protocol, options: HandlerOptions): Promise<Answer | undefined> {
  const watcher = options.watchers.current();
  const early = watcher !== undefined && protocol === options.s3 ? await smallBody(incoming) : undefined;
  const call = await protocol.open({ ...incoming, early });
  options.tally.count(call.target.service, call.target.operation);
  const performing = performOpened(incoming, call, early, protocol.internalCode(incoming), options);
  if (options.recorder !== undefined) recordOutcome(performing, (status) => options.recorder?.(incoming, call, status), options.dataDir);
  return performing;
}

/** Before the answer is sent: who has it finds the call in the record. */
function recordOutcome(performing: Promise<Answer | undefined>, record: (status: number | undefined) => void, dataDir: string): void {
  void performing.then(
    (answer) => record(answer?.status),
    (thrown: unknown) => record(asAwsError(thrown, dataDir, 'InternalError').error.status),
  );
}

async function performOpened(
  incoming: Incoming,
  call: Call,
  early: Buffer | undefined,
  internalCode: string,
  options: HandlerOptions,
): Promise<Answer | undefined> {
  const watcher = options.watchers.current();
  if (watcher !== undefined) {
    const { gone, forget } = leaving(incoming.request);
    const caller = incoming.auth?.accessKeyId;
    const watched: WatchedCall = { ...call.target, number: options.watchers.nextNumber(), caller, input: call.input, body: early, gone };
    return performWatched(watcher, watched, call, internalCode, options).finally(forget);
  }
  const { answer, lost } = await perform(call, options.faults.decide(call.target), internalCode);
  if (!lost) return answer;
  answer?.release?.();
  return undefined;
}

interface Performed {
  /** Undefined: nothing was done. */
  readonly answer: (Answer & { readonly output?: CallOutcome['output'] }) | undefined;
  readonly lost: boolean;
}

async function perform(call: Call, { latencyMs, effect, partial }: FaultDecision, internalCode: string): Promise<Performed> {
  if (latencyMs > 0) await sleep(latencyMs);
  if (effect === 'drop') return { answer: undefined, lost: false };
  if (effect === 'throttle') throw throttled(call.target.service);
  if (effect === 'error500') throw new AwsError(internalCode, 'We encountered an internal error. Please try again.', 500);
  return { answer: await call.perform(partial), lost: effect === 'lostAnswer' };
}

/** The same, with somebody who is asked before and told afterwards. */
async function performWatched(
  watcher: CallWatcher,
  watched: WatchedCall,
  call: Call,
  internalCode: string,
  { faults, dataDir }: HandlerOptions,
): Promise<Answer | undefined> {
  const effect = await watcher.before?.(watched);
  const decision = effect === undefined ? faults.decide(call.target) : decisionOf(effect, watched);
  const { answer, lost } = await perform(call, decision, internalCode).catch(async (thrown: unknown) => {
    const { status } = asAwsError(thrown, dataDir, internalCode).error;
    await watcher.after?.(watched, { done: false, status, headers: {}, answered: true });
    throw thrown;
  });
  const { status, headers = {}, output } = answer ?? {};
  const wish = await watcher.after?.(watched, { done: answer !== undefined, status, headers, output, answered: answer !== undefined && !lost });
  if (!lost && wish === undefined) return answer;
  answer?.release?.();
  return undefined;
}

/** Aborted when the client closes the connection, until `forget`: a connection carries many calls. */
function leaving({ socket }: IncomingMessage): { gone: AbortSignal; forget: () => void } {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  if (socket.destroyed) leave();
  socket.once('close', leave);
  return { gone: gone.signal, forget: () => void socket.off('close', leave) };
}

/** Larger ones are streamed, whoever watches. */
const EARLY_BYTES = 16 * 1024 * 1024;

async function smallBody({ request, headers }: Incoming): Promise<Buffer | undefined> {
  const length = Number(headers['content-length'] ?? NaN);
  return length > 0 && length <= EARLY_BYTES ? readBody(request, EARLY_BYTES) : undefined;
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
