import { redact } from '@loadin/observability';
import { systemClock, type Clock } from '@loadin/resilience';
import type { ExportResponse, IExporterTransport } from '@opentelemetry/otlp-exporter-base';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import http from 'node:http';
import https from 'node:https';
import type { AwsKeys } from './types.js';

export interface XrayTransportOptions {
  readonly url: URL;
  readonly region: string;
  readonly credentials: () => Promise<AwsKeys>;
  readonly agent: http.Agent | https.Agent;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** Before the one retry, where X-Ray does not say when. */
const RETRY_MS = 200;

/**
 * How OpenTelemetry's exporter reaches X-Ray, which wants each request signed with its body (Signature Version 4, service `xray`): the exporter's own transport knows headers,
 * and not what it sends. What X-Ray throttles (429) or fails at (5xx) is sent once more within the same time. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html
 */
export function createXrayTransport({ url, region, credentials, agent, clock = systemClock }: XrayTransportOptions): IExporterTransport {
  const signerOf = (keys: AwsKeys) => new SignatureV4({ service: 'xray', region, credentials: keys, sha256: Sha256 });
  const attempt = async (data: Uint8Array, timeoutMillis: number): Promise<ExportResponse> => {
    const keys = await credentials();
    const { headers } = await signerOf(keys).sign({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host, 'content-type': 'application/json' },
      body: data,
    });
    // X-Ray's refusal of a signature repeats what was signed, the session token too.
    return post(url, headers, data, { agent, timeoutMillis, secrets: [keys.secretAccessKey, keys.sessionToken ?? ''] });
  };
  return {
    async send(data, timeoutMillis) {
      const until = clock.now() + timeoutMillis;
      const first = await attempt(data, timeoutMillis);
      if (first.status !== 'retryable') return first;
      const { retryInMillis: waitMs = RETRY_MS } = first;
      if (clock.now() + waitMs >= until) return first;
      // Nobody waits for it when the process is to end.
      await clock.sleep(waitMs, undefined, { background: true });
      return attempt(data, Math.max(1, until - clock.now()));
    },
    shutdown: () => undefined,
  };
}

interface Sending {
  readonly agent: http.Agent | https.Agent;
  readonly timeoutMillis: number;
  readonly secrets: readonly string[];
}

/** `Retry-After`: seconds or a date. */
const retryAfter = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
};

function post(url: URL, headers: Record<string, string>, body: Uint8Array, { agent, timeoutMillis, secrets }: Sending): Promise<ExportResponse> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve({ status: 'failure', error });
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': body.byteLength }, signal: AbortSignal.timeout(timeoutMillis) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', failed);
        response.on('end', () => {
          const { statusCode = 0 } = response;
          const data = Buffer.concat(chunks);
          if (statusCode >= 200 && statusCode < 300) return resolve({ status: 'success', data });
          const error = new Error(`X-Ray answers ${statusCode}: ${redact(data.toString('utf8'), secrets).slice(0, 300)}`);
          if (statusCode !== 429 && statusCode < 500) return failed(error);
          const retryInMillis = retryAfter(response.headers['retry-after']);
          resolve({ status: 'retryable', error, ...(retryInMillis !== undefined && { retryInMillis }) });
        });
      },
    );
    request.on('error', (error) => failed(error.name === 'AbortError' || error.name === 'TimeoutError' ? new Error('no answer in time') : error));
    request.end(body);
  });
}
