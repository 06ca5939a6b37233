import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { FaultDecision, ServiceName } from '../faults.js';
import { AwsError, type CallContext, type JsonService } from '../service.js';
import type { Answer } from './answer.js';
import type { Call, Protocol } from './call.js';
import type { Incoming } from './incoming.js';
import { readBody } from './read-body.js';
import { type Credentials, verifySignature } from './sigv4.js';

/** Larger than any of these services takes, so that they refuse with their own error. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

export interface JsonProtocolOptions {
  readonly services: readonly { readonly name: ServiceName; readonly service: JsonService }[];
  readonly credentials: Credentials;
  readonly now: () => number;
  readonly region: string;
  readonly accountId: string;
}

/** The AWS JSON protocols 1.0 and 1.1: `X-Amz-Target: {prefix}.{Operation}`, errors with `__type` and `x-amzn-errortype`. */
export function jsonProtocol(options: JsonProtocolOptions): Protocol {
  return {
    internalCode: (incoming) => INTERNAL_CODES[prefixOf(incoming)] ?? 'InternalFailure',
    async open(incoming) {
      const body = await readBody(incoming.request, MAX_BODY_BYTES);
      verifySignature(incoming, createHash('sha256').update(body).digest('hex'), options.credentials, options.now());
      const prefix = prefixOf(incoming);
      const operation = (incoming.headers['x-amz-target'] ?? '').slice(prefix.length + 1);
      const found = options.services.find(({ service }) => service.targetPrefix === prefix);
      if (found === undefined) throw new AwsError('UnknownOperationException', `No service answers to ${prefix}.`, 400);
      return openCall(found.name, found.service, operation, parseInput(body), incoming, options);
    },
    errorAnswer: (error, incoming) =>
      jsonAnswer(error.status, { ...error.members, __type: error.code, message: error.message }, incoming, { 'x-amzn-errortype': error.code }),
  };
}

/** The typed exceptions of the services that have one for this. */
const INTERNAL_CODES: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'InternalServerError',
  secretsmanager: 'InternalServiceError',
};

const prefixOf = ({ headers }: Incoming): string => (headers['x-amz-target'] ?? '').split('.')[0] ?? '';

function openCall(
  name: ServiceName,
  service: JsonService,
  operation: string,
  input: Record<string, unknown>,
  incoming: Incoming,
  { now, region, accountId }: JsonProtocolOptions,
): Call {
  return {
    target: { service: name, operation, resource: resourceOf(input) },
    input,
    async perform(partial: FaultDecision['partial']) {
      const context: CallContext = { now: now(), region, accountId, ...(partial && { fault: partial }) };
      const output = await service.call(operation, input, context);
      return { ...jsonAnswer(200, output, incoming), output };
    },
  };
}

function resourceOf(input: Record<string, unknown>): string | undefined {
  const named = input.StreamName ?? input.StreamARN ?? input.TableName ?? input.SecretId ?? input.Name;
  return typeof named === 'string' ? named : undefined;
}

function parseInput(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const input = JSON.parse(body.toString('utf8')) as unknown;
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>;
  } catch {
    // Answered below, as any other body that is not an object.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object.', 400);
}

function jsonAnswer(status: number, output: Record<string, unknown>, incoming: Incoming, headers: Record<string, string> = {}): Answer {
  const body = Buffer.from(JSON.stringify(output));
  return {
    status,
    body,
    headers: {
      ...headers,
      'content-type': incoming.headers['content-type'] ?? 'application/x-amz-json-1.1',
      'x-amzn-requestid': incoming.requestId,
      'x-amz-crc32': String(crc32(body)),
    },
  };
}
