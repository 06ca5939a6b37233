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
}

/**
 * How OpenTelemetry's exporter reaches X-Ray, which wants each request signed with its body (Signature Version 4, service `xray`): the exporter's own transport knows headers,
 * and not what it sends. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html
 */
export function createXrayTransport({ url, region, credentials, agent }: XrayTransportOptions): IExporterTransport {
  const signer = new SignatureV4({ service: 'xray', region, credentials, sha256: Sha256 });
  return {
    async send(data, timeoutMillis) {
      const { headers } = await signer.sign({
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        headers: { host: url.host, 'content-type': 'application/json' },
        body: data,
      });
      return post(url, headers, data, { agent, timeoutMillis });
    },
    shutdown: () => undefined,
  };
}

interface Sending {
  readonly agent: http.Agent | https.Agent;
  readonly timeoutMillis: number;
}

function post(url: URL, headers: Record<string, string>, body: Uint8Array, { agent, timeoutMillis }: Sending): Promise<ExportResponse> {
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
          if (statusCode >= 200 && statusCode < 300) resolve({ status: 'success', data });
          else failed(new Error(`X-Ray answers ${statusCode}: ${data.toString('utf8').slice(0, 300)}`));
        });
      },
    );
    request.on('error', (error) => failed(error.name === 'AbortError' || error.name === 'TimeoutError' ? new Error('no answer in time') : error));
    request.end(body);
  });
}
