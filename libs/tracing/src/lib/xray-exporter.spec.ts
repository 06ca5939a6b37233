import { startCollector } from '@loadin/specs/collector';
import { TracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace';
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import http from 'node:http';
import { endpointOf, xrayRegionOf } from './endpoint.js';
import { environmentKeys } from './environment-keys.js';
import { xrayExporter } from './xray-exporter.js';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', sessionToken: 'a-token' };
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** As AWS reckons it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf(headers: IncomingHttpHeaders, path: string, body: Buffer): string {
  const [, scope = '', names = ''] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(String(headers['authorization'])) ?? [];
  const canonical = ['POST', path, '', ...names.split(';').map((name) => `${name}:${String(headers[name])}`), '', names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${KEYS.secretAccessKey}`);
  return hmac(key, text).toString('hex');
}

async function exportOne(exporter: SpanExporter): Promise<void> {
  const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] });
  provider.getTracer('a').startSpan('work').end();
  await provider.forceFlush().finally(() => provider.shutdown());
}

describe('spans for X-Ray', () => {
  it('are signed with their content for the service xray of the region', async () => {
    const collector = await startCollector();
    const agent = new http.Agent();
    const url = new URL(`${collector.url}/v1/traces`);
    await exportOne(xrayExporter({ url, region: 'eu-west-1', agent, timeoutMs: 2_000, credentials: async () => KEYS }));
    await collector.close();
    const [request] = collector.requests;
    if (request === undefined) throw new Error('nothing was sent');
    expect(collector.spans).toMatchObject([{ name: 'work' }]);
    expect(request.headers).toMatchObject({
      'x-amz-security-token': 'a-token',
      authorization: expect.stringMatching(/\/eu-west-1\/xray\/aws4_request/),
    });
    expect(request.headers['authorization']).toContain(`Signature=${signatureOf(request.headers, request.path, request.body)}`);
  });

  it('that are refused or can not be signed are an error with its reason', async () => {
    const collector = await startCollector(403);
    const url = new URL(`${collector.url}/v1/traces`);
    const shared = { url, region: 'eu-west-1', agent: new http.Agent(), timeoutMs: 2_000 };
    await expect(exportOne(xrayExporter({ ...shared, credentials: async () => KEYS }))).rejects.toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^X-Ray answers 403/) }),
    ]);
    await expect(exportOne(xrayExporter({ ...shared, credentials: environmentKeys({}) }))).rejects.toEqual([
      expect.objectContaining({ message: expect.stringContaining('AWS_ACCESS_KEY_ID') }),
    ]);
    await collector.close();
  });

  it.each<[string, number, Record<string, string>, number]>([
    ['at once where it says so', 429, { 'retry-after': '0' }, 2_000],
    ['soon where it says nothing', 503, {}, 2_000],
    ['not when it says later than there is time', 429, { 'retry-after': '3' }, 2_000],
    ['not when it would be refused again', 400, { 'retry-after': '0' }, 2_000],
  ])('that it has no room for are sent once more: %s', async (_when, status, headers, timeoutMs) => {
    const collector = await startCollector();
    collector.next.push({ status, headers });
    const url = new URL(`${collector.url}/v1/traces`);
    const exporting = exportOne(xrayExporter({ url, region: 'eu-west-1', agent: new http.Agent(), timeoutMs, credentials: async () => KEYS }));
    const isSent = headers['retry-after'] !== '3' && status !== 400;
    if (isSent) await exporting;
    else await expect(exporting).rejects.toEqual([expect.objectContaining({ message: expect.stringContaining(`X-Ray answers ${status}`) })]);
    expect([collector.requests.length, collector.spans.length]).toEqual(isSent ? [2, 1] : [1, 0]);
    await collector.close();
  });

  it('are sent twice at most', async () => {
    const collector = await startCollector(500);
    const url = new URL(`${collector.url}/v1/traces`);
    const shared = { region: 'eu-west-1', agent: new http.Agent(), timeoutMs: 2_000, credentials: async () => KEYS };
    await expect(exportOne(xrayExporter({ url, ...shared }))).rejects.toEqual([expect.objectContaining({ message: 'X-Ray answers 500: {}' })]);
    expect(collector.requests).toHaveLength(2);
    await collector.close();
  });

  it('whose signature is refused tell nothing of what was signed', async () => {
    const text = JSON.stringify({
      message: `does not match. The canonical string should have been\nPOST\nx-amz-security-token:${KEYS.sessionToken}\n`,
    });
    const collector = await startCollector({ status: 403, text });
    const url = new URL(`${collector.url}/v1/traces`);
    const shared = { region: 'eu-west-1', agent: new http.Agent(), timeoutMs: 2_000, credentials: async () => KEYS };
    await expect(exportOne(xrayExporter({ url, ...shared }))).rejects.toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^X-Ray answers 403: .*x-amz-security-token:\*\*\*/) }),
    ]);
    await collector.close();
  });

  it('go to the address of X-Ray in a region, and nobody else gets a signature', () => {
    const regionOf = (endpoint: string): string | undefined =>
      xrayRegionOf(endpointOf({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }) ?? new URL('http://none'));
    expect(regionOf('https://xray.eu-west-1.amazonaws.com/v1/traces')).toBe('eu-west-1');
    for (const other of ['http://xray.eu-west-1.amazonaws.com', 'https://xray.eu-west-1.amazonaws.com.example.org', 'http://localhost:4318'])
      expect(regionOf(other)).toBeUndefined();
    expect(endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://xray.eu-west-1.amazonaws.com/' })?.href).toBe(
      'https://xray.eu-west-1.amazonaws.com/v1/traces',
    );
  });
});
