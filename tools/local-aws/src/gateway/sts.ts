import { createHash } from 'node:crypto';
import { AwsError } from '../service.js';
import { element } from '../s3/xml.js';
import type { Protocol } from './call.js';
import { readBody } from './read-body.js';
import { type Credentials, verifySignature } from './sigv4.js';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** STS, as far as `GetCallerIdentity`: whoever asks which account these credentials belong to gets an answer. */
export function stsProtocol(options: { credentials: Credentials; now: () => number; accountId: string }): Protocol {
  return {
    internalCode: () => 'InternalFailure',
    async open(incoming) {
      const body = await readBody(incoming.request, 64 * 1024);
      verifySignature(incoming, createHash('sha256').update(body).digest('hex'), options.credentials, options.now());
      const operation = new URLSearchParams(body.toString('utf8')).get('Action') ?? '';
      if (operation !== 'GetCallerIdentity') throw new AwsError('InvalidAction', `Could not find operation ${operation}.`, 400);
      const identity = { Arn: `arn:aws:iam::${options.accountId}:root`, UserId: options.accountId, Account: options.accountId };
      const answer = element('GetCallerIdentityResponse', {
        GetCallerIdentityResult: identity,
        ResponseMetadata: { RequestId: incoming.requestId },
      });
      return {
        target: { service: 'sts', operation },
        perform: async () => ({ status: 200, headers: xmlHeaders(incoming.requestId), body: withNamespace(answer) }),
      };
    },
    errorAnswer: (error, incoming) => ({
      status: error.status,
      headers: xmlHeaders(incoming.requestId),
      body: withNamespace(
        element('ErrorResponse', { Error: { Type: 'Sender', Code: error.code, Message: error.message }, RequestId: incoming.requestId }),
      ),
    }),
  };
}

const xmlHeaders = (requestId: string): Record<string, string> => ({ 'content-type': 'text/xml', 'x-amzn-requestid': requestId });

const withNamespace = (xml: string): string => xml.replace(/^<(\w+)>/, `<$1 xmlns="${NAMESPACE}">`);
