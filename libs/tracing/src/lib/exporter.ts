import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import http from 'node:http';
import https from 'node:https';
import { xrayRegionOf } from './endpoint.js';
import type { AwsKeys } from './types.js';

export interface OpenExporter {
  readonly exporter: SpanExporter;
  /** Ends connections, also those on which an answer is waited for: they would keep the process from ending. */
  readonly disconnect: () => void;
}

/** Exports as JSON: to X-Ray signed, to everybody else as OpenTelemetry's variables say (headers, compression, certificates). */
export async function createExporter(endpoint: URL, timeoutMs: number, credentials: () => Promise<AwsKeys>): Promise<OpenExporter> {
  const agent = new (endpoint.protocol === 'https:' ? https : http).Agent({ keepAlive: true });
  const region = xrayRegionOf(endpoint);
  return { exporter: region === undefined ? collector() : await xray(region), disconnect: () => agent.destroy() };

  function collector(): SpanExporter {
    return new OTLPTraceExporter({ timeoutMillis: timeoutMs, httpAgentOptions: () => agent });
  }
  async function xray(inRegion: string): Promise<SpanExporter> {
    const { xrayExporter } = await import('./xray-exporter.js');
    return xrayExporter({ url: endpoint, region: inRegion, agent, timeoutMs, credentials });
  }
}
